import { DataSource } from 'typeorm';
import { createDataSourceOptions } from '../../src/platform/database/data-source-options';
import { migrationNamed } from '../support/database';
import { rest, type RestResponse } from '../support/rest';
import { bringIn, newCode, newRoom, newUser, REGISTRATION_CODE, type TestUser } from '../support/test-app';
import { useServer } from '../support/use-server';

const server = useServer();
/** A user whose name has letters with look-alikes. */
let lilo: TestUser;

beforeEach(async () => {
  lilo = await newUser(server, 'lilorna');
});

const outcome = ({ status, body }: RestResponse): string | number => body?.error?.code ?? status;
const register = (username: string) =>
  rest(server.url).request('POST /auth/register', {
    body: {
      username,
      email: `${Math.random()}@example.org`,
      password: 'correct horse battery',
      registrationCode: REGISTRATION_CODE,
    },
  });
const rename = (user: TestUser, username: string) =>
  user.rest.request('PATCH /auth/me', { body: { username, currentPassword: user.password } });

/** Spellings of a username that look the same. */
const asciiTwins = (name: string): string[] => [
  name.replace('i', 'l'),
  name.replace('l', 'I'),
  name.replace('o', '0'),
  name.replace('l', '1'),
  name.replace('rn', 'm'),
  name.toUpperCase().replace('L', 'i'),
];
const unicodeTwins = (name: string): string[] => [
  name.replace('o', 'о'),
  name.replaceAll('a', 'а'),
  name.replace('i', 'і').toUpperCase(),
  name.replace('li', '𝓵𝓲'),
  `${name.slice(0, 3)}\u2009${name.slice(3)}`,
];

describe('a name that looks like another account’s', () => {
  it('is refused to a new account, and to one that is renamed', async () => {
    const other = await newUser(server);
    for (const twin of asciiTwins(lilo.username)) {
      expect([twin, outcome(await register(twin))]).toEqual([twin, 'username_taken']);
      expect([twin, outcome(await rename(other, twin))]).toEqual([twin, 'username_taken']);
    }
    expect((await other.rest.request('GET /auth/me')).body.username).toBe(other.username);
  });

  it('is refused to a guest in a room with that account, and counts no use', async () => {
    const room = await newRoom(lilo);
    const code = await newCode(lilo, room.id, { role: 'guest', maxUses: 1 });
    const come = (name: string) => rest(server.url).request('POST /invitations/:code/guest', { code, body: { name } });
    for (const twin of [...asciiTwins(lilo.username), ...unicodeTwins(lilo.username)]) {
      expect([twin, outcome(await come(twin))]).toEqual([twin, 'name_taken']);
    }
    expect(outcome(await come('Lilo'))).toBe(201);
  });

  it('is given to one of several concurrent requests', async () => {
    const name = lilo.username.replace('lilo', 'solo');
    const answers = await Promise.all([name, ...asciiTwins(name)].map(register));
    expect(answers.map(outcome).sort()).toEqual([201, ...Array(answers.length - 1).fill('username_taken')]);
    const [one, two] = [await newUser(server), await newUser(server)];
    const [taken, twin] = [`x-${name}`, `x-${name.replace('o', '0')}`];
    const renamed = await Promise.all([rename(one, taken), rename(two, twin)]);
    expect(renamed.map(outcome).sort()).toEqual([200, 'username_taken']);
  });

  it('is free once that account is renamed or deleted', async () => {
    const twin = lilo.username.replace('l', '1');
    await rename(lilo, `${lilo.username}.k`);
    const second = await register(twin);
    expect(second.status).toBe(201);
    const client = rest(server.url);
    client.token = second.body.accessToken;
    await client.request('DELETE /auth/me', { body: { password: 'correct horse battery' } });
    expect(outcome(await register(lilo.username))).toBe(201);
  });

  it('is allowed for the account itself in another case', async () => {
    expect((await rename(lilo, lilo.username.toUpperCase())).body.username).toBe(lilo.username.toUpperCase());
  });
});

describe('a reserved name', () => {
  it.each(['admin', 'Adm1n', 'a.d.m.i.n', 'SYSTEM_', 'everyone', '0wner', 'webcaII'])(
    'is nobody’s: %s',
    async (name) => {
      expect(outcome(await register(name))).toBe('name_reserved');
      expect(outcome(await rename(lilo, name))).toBe('name_reserved');
    },
  );

  it.each(['Admin', 'Система', 'АДМИН', 'аdmin', 'все!', 'Moderator 1'])('is refused to a guest: %s', async (name) => {
    const code = await newCode(lilo, (await newRoom(lilo)).id, { role: 'guest' });
    expect(outcome(await rest(server.url).request('POST /invitations/:code/guest', { code, body: { name } }))).toBe(
      'name_reserved',
    );
  });
});

it.each(['...', '___', '123', '1.2.3'])('a name needs a letter, so %j is refused', async (name) => {
  expect(outcome(await register(name))).toBe('invalid_input');
  expect(outcome(await rename(lilo, name))).toBe('invalid_input');
  const code = await newCode(lilo, (await newRoom(lilo)).id, { role: 'guest' });
  expect(outcome(await rest(server.url).request('POST /invitations/:code/guest', { code, body: { name } }))).toBe(
    'invalid_input',
  );
});

describe('accounts from before the rule', () => {
  const old = useServer();
  let accounts: Record<string, TestUser>;

  beforeAll(async () => {
    const users = await Promise.all(['first', 'second', 'third', 'chief'].map((name) => newUser(old, name)));
    const names = ['paypal', 'PaypaI', 'paypa1', 'admin'];
    const db = await new DataSource({ ...createDataSourceOptions(old.db.url), poolSize: 1 } as never).initialize();
    const runner = db.createQueryRunner();
    await migrationNamed('NameLooks1763880000001').down(runner);
    for (const [i, { id }] of users.entries()) {
      const made = `2020-01-0${i + 1}`;
      await old.db.query('UPDATE users SET username = $2, created_at = $3 WHERE id = $1', [id, names[i], made]);
    }
    await migrationNamed('NameLooks1763880000001').up(runner);
    await db.destroy();
    accounts = Object.fromEntries(users.map((user, i) => [names[i], { ...user, username: names[i] as string }]));
  });

  const user = (name: string): TestUser => accounts[name] as TestUser;

  it('keep their names, even when they change something else', async () => {
    for (const account of Object.values(accounts)) {
      const { username, password } = account;
      const change = { username, email: `${username}@new.example`, currentPassword: password };
      expect((await account.rest.request('PATCH /auth/me', { body: change })).body).toMatchObject({
        username,
        email: change.email,
      });
    }
    const looks = await old.db.query<{ look: string }>('SELECT name_look AS look FROM users ORDER BY created_at');
    expect(looks.map(({ look }) => look)).toEqual([
      'paypal',
      `paypal ${user('PaypaI').id}`,
      `paypal ${user('paypa1').id}`,
      expect.any(String),
    ]);
  });

  it('reserve their look as long as one of them has it', async () => {
    const room = await newRoom(user('paypa1'));
    const code = await newCode(user('paypa1'), room.id, { role: 'guest' });
    expect(
      outcome(await rest(old.url).request('POST /invitations/:code/guest', { code, body: { name: 'раураl' } })),
    ).toBe('name_taken');
    const dora = await newUser(old, 'dora');
    for (const leaves of ['paypal', 'PaypaI']) {
      expect(outcome(await rename(user(leaves), leaves === 'paypal' ? 'elsewhere' : 'anywhere'))).toBe(200);
      expect(outcome(await rename(dora, 'PAYPAL'))).toBe('username_taken');
    }
    expect(outcome(await rename(user('paypa1'), 'somebody'))).toBe(200);
    expect(outcome(await rename(dora, 'PAYPAL'))).toBe(200);
  });
});

it('lets accounts into a room where a guest has a name that looks the same', async () => {
  const anna = await newUser(server, 'anna');
  const room = await newRoom(anna);
  const code = await newCode(anna, room.id, { role: 'guest' });
  await rest(server.url).request('POST /invitations/:code/guest', { code, body: { name: lilo.username } });
  await bringIn(anna, room.id, lilo);
});
