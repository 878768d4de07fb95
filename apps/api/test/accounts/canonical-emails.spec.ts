import { DataSource } from 'typeorm';
import { createDataSourceOptions } from '../../src/platform/database/data-source-options';
import { LIMITS_BY_NAME } from '../../src/platform/throttling/limits';
import { UsersService } from '../../src/users/users.service';
import { migrationNamed } from '../support/database';
import { rest, type RestResponse } from '../support/rest';
import { newUser, REGISTRATION_CODE, startApp, type TestUser } from '../support/test-app';
import { useServer } from '../support/use-server';

const PASSWORD = 'correct horse battery';

const server = useServer();

let names = 0;
const newName = (): string => `user-${++names}-${process.pid}`;

const outcome = ({ status, body }: RestResponse): string | number => body?.error?.code ?? status;
const register = (email: string, username = newName()) =>
  rest(server.url).request('POST /auth/register', {
    body: { username, email, password: PASSWORD, registrationCode: REGISTRATION_CODE },
  });
const login = (email: string, url = server.url, password = PASSWORD) =>
  rest(url).request('POST /auth/login', { body: { email, password } });

/** Each begins with the address that signs up; the others are the same. */
const SAME: readonly (readonly [string, ...string[]])[] = [
  [
    'über@example.org',
    'ÜBER@example.org',
    'u\u0308ber@EXAMPLE.org',
    'U\u0308BER@example.org',
    'ü\u200Bber@example.org',
  ],
  ['anna@bücher.example', 'anna@xn--bcher-kva.example', 'ANNA@BÜCHER.example', 'anna@bu\u0308cher.example'],
  ['boris@xn--bcher-kva.example', 'boris@bücher.example', 'ｂｏｒｉｓ@XN--BCHER-KVA.example'],
  ['νίκος@example.org', 'ΝΊΚΟΣ@example.org', 'νίκοσ@example.org'],
  ['strauß@example.org', 'STRAUẞ@example.org'],
];

describe.each(SAME)('%s', (first, ...others) => {
  let id: string;
  beforeAll(async () => {
    const { body } = await register(first);
    id = body.user.id;
  });

  it.each(others)('is taken for %s', async (other) => {
    expect(outcome(await register(other))).toBe('email_taken');
    const user = await newUser(server);
    const change = { email: other, currentPassword: user.password };
    expect(outcome(await user.rest.request('PATCH /auth/me', { body: change }))).toBe('email_taken');
  });

  it.each([first, ...others, `${first}.`, first.replace('@', '＠')])('signs in as %s', async (typed) => {
    expect((await login(typed)).body.user?.id).toBe(id);
  });
});

it('leaves addresses that only look alike to others', async () => {
  for (const email of [
    'mike@example.org',
    'mıke@example.org',
    'mіke@example.org',
    'mike@exampIe.org',
    'strauss@example.org',
  ])
    expect([email, outcome(await register(email))]).toEqual([email, 201]);
});

it('can be spelled in another way by its own account', async () => {
  const user = await newUser(server);
  const change = { email: user.email.toUpperCase(), currentPassword: user.password };
  expect((await user.rest.request('PATCH /auth/me', { body: change })).body.email).toBe(user.email.toUpperCase());
  expect(outcome(await login(user.email))).toBe(200);
});

it('is given to one of several requests at the same time', async () => {
  const spellings = ['é@a.example', 'É@a.example', 'e\u0301@a.example', 'é@A.example', 'E\u0301@a.example'];
  const answers = await Promise.all(spellings.map((email) => register(email)));
  expect(answers.map(outcome).sort()).toEqual([201, ...Array<string>(spellings.length - 1).fill('email_taken')]);
});

it('has one limit of failures for all spellings', async () => {
  const limited = await startApp({ database: server.db, env: { THROTTLE_SCALE: '1' } });
  const spellings = ['über@b.example', 'ÜBER@b.example', 'u\u0308ber@b.example', 'über@B.example.'];
  const guess = async (i: number) => outcome(await login(spellings[i % 4]!, limited.url, 'wrong'));
  const answers: (string | number)[] = [];
  for (let i = 0; i <= LIMITS_BY_NAME.login.limit; i++) answers.push(await guess(i));
  await limited.close();
  const counted = Array<string>(LIMITS_BY_NAME.login.limit).fill('invalid_credentials');
  expect(answers).toEqual([...counted, 'too_many_requests']);
});

describe('a search for people', () => {
  it('finds a name in full width or with something invisible in it', async () => {
    const [anna, boris] = [await newUser(server, 'anna'), await newUser(server, 'boris')];
    const find = async (name: string) =>
      (await anna.rest.request('GET /users', { query: { name } })).body.map(({ userId }) => userId);
    const fullWidth = boris.username.replace('boris', 'ＢＯＲＩＳ');
    for (const name of [fullWidth, `${boris.username}\u200B`, ` ${boris.username}`])
      expect(await find(name)).toEqual([boris.id]);
  });

  it('needs three characters that count', async () => {
    const anna = await newUser(server, 'anna');
    for (const name of ['\u200B\u200B\u200B', 'an\u200B', 'a  '])
      expect(outcome(await anna.rest.request('GET /users', { query: { name } }))).toBe('invalid_input');
  });
});

describe('accounts from before the rule', () => {
  const old = useServer();
  const EMAILS = [
    'u\u0308ber@example.org',
    'über@example.org',
    'dora@xn--bcher-kva.example',
    'dora@bücher.example',
    'eva@c.example',
  ];
  let users: TestUser[];

  beforeAll(async () => {
    users = await Promise.all(EMAILS.map((_, i) => newUser(old, `old${i}`)));
    const db = await new DataSource({ ...createDataSourceOptions(old.db.url), poolSize: 1 } as never).initialize();
    const migration = migrationNamed('CanonicalEmails1763920000000');
    const runner = db.createQueryRunner();
    await migration.down(runner);
    for (const [i, { id }] of users.entries())
      await old.db.query('UPDATE users SET email = $2, created_at = $3 WHERE id = $1', [
        id,
        EMAILS[i],
        `2020-01-0${i + 1}`,
      ]);
    await migration.up(runner);
    await db.destroy();
  });

  const ownerOf = async (typed: string): Promise<string | undefined> => {
    const found = await old.app.get(UsersService, { strict: false }).findAccountByLogin(typed);
    return EMAILS[users.findIndex(({ id }) => id === found?.id)];
  };

  it('sign in by their own spelling, and by their names', async () => {
    for (const [i, email] of EMAILS.entries()) {
      expect((await login(email, old.url)).body.user.id).toBe(users[i]!.id);
      expect((await login(users[i]!.username, old.url)).body.user.id).toBe(users[i]!.id);
    }
  });

  it.each([
    ['über@EXAMPLE.org', 'über@example.org'],
    ['ÜBER@example.org', 'über@example.org'],
    ['U\u0308BER@EXAMPLE.ORG', 'u\u0308ber@example.org'],
    ['ü\u200Bber@example.org', 'u\u0308ber@example.org'],
    ['DORA@XN--BCHER-KVA.example', 'dora@xn--bcher-kva.example'],
    ['Dora@BÜCHER.example', 'dora@bücher.example'],
    ['dora@bu\u0308cher.example', 'dora@xn--bcher-kva.example'],
    ['EVA@c.example', 'eva@c.example'],
  ])('%s finds the account of %s: the closest spelling, else the oldest', async (typed, owner) =>
    expect(await ownerOf(typed)).toBe(owner),
  );

  it('keep their address from others as long as one of them has it', async () => {
    const [first, second] = users as [TestUser, TestUser];
    const stranger = await newUser(old);
    const change = (user: TestUser, email: string) =>
      user.rest.request('PATCH /auth/me', { body: { email, currentPassword: user.password } });
    expect(outcome(await change(second, 'ÜBER@EXAMPLE.org'))).toBe('email_taken');
    expect(outcome(await change(second, 'über@example.org'))).toBe(200);
    expect(outcome(await change(first, 'elsewhere@example.org'))).toBe(200);
    expect(outcome(await change(stranger, 'Über@example.org'))).toBe('email_taken');
    expect((await login('ÜBER@example.org', old.url)).body.user.id).toBe(second.id);
    expect(outcome(await change(second, 'anywhere@example.org'))).toBe(200);
    expect(outcome(await change(stranger, 'Über@example.org'))).toBe(200);
  });
});
