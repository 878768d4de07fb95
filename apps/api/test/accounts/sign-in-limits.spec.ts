import { FairQueue } from '../../src/auth/fair-queue';
import { PasswordHasher } from '../../src/auth/password-hasher';
import { LIMITS_BY_NAME } from '../../src/platform/throttling/limits';
import { eventually } from '../support/faults/recovery';
import { rest, type RestResponse } from '../support/rest';
import { newUser, REGISTRATION_CODE, startApp, type TestApp, type TestUser } from '../support/test-app';

const PER_EMAIL = LIMITS_BY_NAME.login.limit;
const PER_ADDRESS = LIMITS_BY_NAME['login:address'].limit;

let generous: TestApp;
let server: TestApp;
let anna: TestUser;

beforeAll(async () => {
  generous = await startApp();
  // One account signs in many times here.
  const env = { THROTTLE_SCALE: '1', TRUSTED_PROXIES: 'loopback', QUOTA_DEVICES: '0' };
  server = await startApp({ database: generous.db, env });
});
afterAll(async () => {
  await server.close();
  await generous.close();
});
beforeEach(async () => {
  anna = await newUser(generous, 'anna');
});

let addresses = 0;
const newAddress = (): string => `203.0.${(++addresses >> 8) + 113}.${addresses & 255}`;

const codeOf = ({ status, body }: RestResponse): string => body?.error?.code ?? String(status);

const login = async (from: string, email: string | null, password = 'wrong', url = server.url): Promise<string> =>
  codeOf(await rest(url).send('POST', '/api/v1/auth/login', { email, password }, { 'x-forwarded-for': from }));

const times = async (count: number, what: (i: number) => Promise<string>): Promise<string[]> => {
  const answers: string[] = [];
  for (let i = 0; i < count; i++) answers.push(await what(i));
  return answers;
};

const all = (count: number, code: string): string[] => Array<string>(count).fill(code);

describe('wrong sign-ins', () => {
  it('have a limit by e-mail and address, and lock out nobody else, not even the owner elsewhere', async () => {
    const [from, boris] = [newAddress(), await newUser(generous, 'boris')];
    expect(await times(PER_EMAIL, () => login(from, anna.email))).toEqual(all(PER_EMAIL, 'invalid_credentials'));
    expect(await login(from, anna.email.toUpperCase(), anna.password)).toBe('too_many_requests');
    expect(await login(from, boris.email, boris.password)).toBe('200');
    expect(await login(newAddress(), anna.email, anna.password)).toBe('200');
  });

  it('count by the typed name, so that a limit reveals neither which names exist nor whose they are', async () => {
    const from = newAddress();
    for (const email of [anna.email, `nobody-${anna.email}`]) {
      const guess = (): Promise<string> => login(from, email);
      expect(await times(PER_EMAIL + 1, guess)).toEqual([
        ...all(PER_EMAIL, 'invalid_credentials'),
        'too_many_requests',
      ]);
    }
    expect(await login(from, anna.username)).toBe('invalid_credentials');
  });

  it('have a limit by address, also with unknown e-mails', async () => {
    const from = newAddress();
    const guess = (i: number): Promise<string> => login(from, `nobody-${i}@example.org`);
    expect(await times(PER_ADDRESS, guess)).toEqual(all(PER_ADDRESS, 'invalid_credentials'));
    expect(await login(from, anna.email, anna.password)).toBe('too_many_requests');
    expect(await login(newAddress(), anna.email, anna.password)).toBe('200');
  });

  it('count together within the /64 of an IPv6 network', async () => {
    const guess = (i: number): Promise<string> => login(`2001:db8:0:7:${i + 1}::${i + 1}`, anna.email);
    expect(await times(PER_EMAIL + 1, guess)).toEqual([...all(PER_EMAIL, 'invalid_credentials'), 'too_many_requests']);
    expect(await login('2001:db8:0:8::1', anna.email, anna.password)).toBe('200');
  });

  it('count also with a password that is too long, which is not hashed', async () => {
    const [from, verify] = [newAddress(), jest.spyOn(FairQueue.prototype, 'runInTurn')];
    const guess = (): Promise<string> => login(from, anna.email, 'ж'.repeat(40));
    expect(await times(PER_EMAIL + 1, guess)).toEqual([...all(PER_EMAIL, 'invalid_credentials'), 'too_many_requests']);
    expect(verify).not.toHaveBeenCalled();
    verify.mockRestore();
  });

  it('count each form of a password as a guess with a turn of its own, of known and of unknown names alike', async () => {
    const run = jest.spyOn(FairQueue.prototype, 'runInTurn');
    for (const email of [anna.email, `nobody-${anna.email}`]) {
      const from = newAddress();
      const guess = (): Promise<string> => login(from, email, 'crème brûlée'.normalize('NFD'));
      const guesses = Math.floor(PER_EMAIL / 3);
      run.mockClear();
      expect(await times(guesses + 1, guess)).toEqual([...all(guesses, 'invalid_credentials'), 'too_many_requests']);
      expect(run).toHaveBeenCalledTimes(PER_EMAIL);
    }
    run.mockRestore();
  });

  it('reveal no more than the limit when they come all at once, not even for the right password', async () => {
    const from = newAddress();
    const guesses = Array.from({ length: 3 * PER_EMAIL }, () => login(from, anna.email));
    const answers = await Promise.all(guesses);
    expect(answers.filter((code) => code === 'invalid_credentials').length).toBeLessThanOrEqual(PER_EMAIL);
    const known = ['invalid_credentials', 'too_many_requests', 'too_busy'];
    expect(answers.filter((code) => !known.includes(code))).toEqual([]);
    expect(await login(from, anna.email, anna.password)).toBe('too_many_requests');
  });

  it('are not hashed once the limit is reached', async () => {
    const from = newAddress();
    await times(PER_EMAIL, () => login(from, anna.email));
    const run = jest.spyOn(FairQueue.prototype, 'runInTurn');
    await times(5, () => login(from, anna.email));
    expect(run).not.toHaveBeenCalled();
    run.mockRestore();
  });
});

describe('sign-in without guessing', () => {
  it('works for a whole office from one address', async () => {
    const from = newAddress();
    const many = PER_ADDRESS + 5;
    expect(await times(many, () => login(from, anna.email, anna.password))).toEqual(all(many, '200'));
    expect(await login(from, anna.email)).toBe('invalid_credentials');
  });

  it('waits in a lane by address, and in a separate one after several failures there', async () => {
    const [from, run] = [newAddress(), jest.spyOn(FairQueue.prototype, 'runInTurn')];
    const lanes = (): unknown[] => run.mock.calls.map(([{ lane, key }]) => [lane, key]);
    await times(PER_ADDRESS / 20, () => login(from, anna.email));
    await login(from, anna.email, anna.password);
    await login(newAddress(), anna.email, anna.password);
    expect(lanes().slice(0, -2)).toEqual(Array(PER_ADDRESS / 20).fill(['sign-in', from]));
    expect(lanes().slice(-2)).toEqual([
      ['doubted sign-in', from],
      ['sign-in', expect.not.stringMatching(from)],
    ]);
    run.mockClear();
    const boris = { username: `boris-${from}`, email: `boris-${from}@example.org`, password: 'staple of the sea' };
    const account = { ...boris, registrationCode: REGISTRATION_CODE };
    expect(
      codeOf(await rest(server.url).send('POST', '/api/v1/auth/register', account, { 'x-forwarded-for': from })),
    ).toBe('201');
    expect(lanes()).toEqual([['sign-up', from]]);
    run.mockClear();
    const client = anna.rest;
    await client.request('POST /auth/password', {
      body: { currentPassword: 'wrong', newPassword: 'staple of the sea' },
    });
    await client.request('DELETE /auth/me', { body: { password: 'wrong' } });
    expect(lanes()).toEqual([
      ['account', anna.id],
      ['account', anna.id],
    ]);
    run.mockRestore();
  });
});

it('hashes nothing for a sign-up with a wrong code', async () => {
  const run = jest.spyOn(FairQueue.prototype, 'runInTurn');
  const register = (i: number): Promise<RestResponse> =>
    rest(server.url).request('POST /auth/register', {
      body: {
        username: `flood-${i}`,
        email: `flood-${i}@example.org`,
        password: 'correct horse battery',
        registrationCode: `${REGISTRATION_CODE}-${i}`,
      },
    });
  const answers = await times(20, async (i) => codeOf(await register(i)));
  expect(answers).toEqual(all(20, 'registration_code_wrong'));
  expect(run).not.toHaveBeenCalled();
  run.mockRestore();
});

it('limits a user who changes the password all the time, and nobody else', async () => {
  const { limit } = LIMITS_BY_NAME.password;
  const boris = await newUser(generous, 'boris');
  const change = (user: TestUser): Promise<RestResponse> => {
    const client = rest(server.url);
    client.token = user.rest.token!;
    return client.request('POST /auth/password', {
      body: { currentPassword: user.password, newPassword: user.password },
    });
  };
  expect(await times(limit + 1, async () => codeOf(await change(anna)))).toEqual([
    ...all(limit, '204'),
    'too_many_requests',
  ]);
  expect((await change(boris)).status).toBe(204);
});

describe('while passwords cannot be hashed in time', () => {
  let app: TestApp;
  let finish: () => void;
  let queue: FairQueue;
  beforeEach(async () => {
    app = await startApp({ database: generous.db, env: { TRUSTED_PROXIES: 'loopback' } });
    queue = app.app.get(PasswordHasher, { strict: false })['queue'];
    const blocked = new Promise<void>((resolve) => (finish = resolve));
    for (let i = 0; i < queue['atOnce']; i++) void queue.runInTurn({ lane: 'sign-in', key: 'blocks' }, () => blocked);
  });
  afterEach(async () => {
    finish();
    await app.close();
  });

  it('answers too_busy with the time to wait', async () => {
    queue['averageWorkMs'] = 60_000;
    const { status, body, headers } = await rest(app.url).request('POST /auth/login', {
      body: {
        email: anna.email,
        password: anna.password,
      },
    });
    expect([status, body.error.code]).toEqual([503, 'too_busy']);
    expect(Number(headers.get('retry-after'))).toBe(body.error.details!['retryAfterSeconds']);
  });

  it('hashes no password for a client that has disconnected', async () => {
    const leaving = new AbortController();
    const request = fetch(`${app.url}/api/v1/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: anna.email, password: anna.password }),
      signal: leaving.signal,
    }).catch((error: Error) => error.name);
    await eventually(async () => expect(queue.totalWaiting).toBe(1));
    leaving.abort();
    expect(await request).toBe('AbortError');
    await eventually(async () => expect(queue.totalWaiting).toBe(0));
  });
});
