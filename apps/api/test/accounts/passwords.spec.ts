import { hash } from '@node-rs/bcrypt';
import { rest } from '../support/rest';
import { newUser, REGISTRATION_CODE, type TestUser } from '../support/test-app';
import { useServer } from '../support/use-server';

const server = useServer();

const anna = { username: 'anna.k87', email: 'Kovaleva@mail.example', registrationCode: REGISTRATION_CODE };

const REFUSED = [
  ['password_too_common', 'Password123'],
  ['password_too_common', '1q2w3e4r5t'],
  ['password_too_common', 'sunshine!!2024'],
  ['password_too_common', 'aaaaaaaaaaaa'],
  ['password_like_name', 'Anna.K87'],
  ['password_like_name', 'anna-anna-2024'],
  ['password_like_name', 'kovaleva@mail'],
  ['password_like_name', 'WebCall-2026!'],
] as const;

describe('a password that is easy to guess', () => {
  it.each(REFUSED)('is refused with %s at sign-up: %s', async (code, password) => {
    const { status, body } = await rest(server.url).request('POST /auth/register', { body: { ...anna, password } });
    expect([status, body.error.code]).toEqual([400, code]);
  });

  it('is refused as a new password, with the reason, and the old one stays', async () => {
    const user = await newUser(server, 'boris');
    const change = (newPassword: string) =>
      user.rest.request('POST /auth/password', { body: { currentPassword: user.password, newPassword } });
    expect((await change('Password123')).body.error.code).toBe('password_too_common');
    expect((await change(`${user.username}!1`)).body.error.code).toBe('password_like_name');
    const { status } = await rest(server.url).request('POST /auth/login', {
      body: { email: user.email, password: user.password },
    });
    expect(status).toBe(200);
  });

  it('is checked only with the right registration code', async () => {
    const wrong = { ...anna, password: 'Password123', registrationCode: 'guessed' };
    expect((await rest(server.url).request('POST /auth/register', { body: wrong })).body.error.code).toBe(
      'registration_code_wrong',
    );
  });

  it('still signs in users who already have it', async () => {
    const user = await newUser(server);
    await server.db.query('UPDATE users SET password_hash = $1 WHERE id = $2', [await hash('password1', 4), user.id]);
    expect(
      (await rest(server.url).request('POST /auth/login', { body: { email: user.email, password: 'password1' } }))
        .status,
    ).toBe(200);
  });
});

it('accepts a password that contains the name among other text', async () => {
  const { status } = await rest(server.url).request('POST /auth/register', {
    body: { ...anna, password: 'anna likes old trains' },
  });
  expect(status).toBe(201);
});

describe('a password that is written in several ways', () => {
  const login = async ({ email }: Pick<TestUser, 'email'>, password: string): Promise<number> =>
    (await rest(server.url).request('POST /auth/login', { body: { email, password } })).status;
  const change = async (user: TestUser, currentPassword: string, newPassword: string) => {
    const answer = await user.rest.request('POST /auth/password', { body: { currentPassword, newPassword } });
    return answer.body?.error.code ?? answer.status;
  };
  const storedHash = async ({ id }: TestUser) =>
    (await server.db.query<{ hash: string }>('SELECT password_hash AS hash FROM users WHERE id = $1', [id]))[0]?.hash;
  /** A user whose password was hashed as typed, by an earlier release. */
  const newUserOfBefore = async (password: string): Promise<TestUser> => {
    const user = await newUser(server);
    await server.db.query('UPDATE users SET password_hash = $1 WHERE id = $2', [await hash(password, 4), user.id]);
    return { ...user, password };
  };

  const PASSWORDS = [
    'crème brûlée at dawn',
    'серый ёжик и чайник',
    'tiếng Việt rất khó',
    '오래된 자전거 두 대',
    '\u212Bngstro\u0308m units',
    'paper\u00A0boats\u3000at\u2003dawn',
  ];
  const spellingsOf = (password: string): string[] => [
    password,
    password.normalize('NFC'),
    password.normalize('NFD'),
    password.replace(/\p{Zs}/gu, ' '),
    password.replace(/\p{Zs}/gu, '\u00A0').normalize('NFD'),
  ];

  it.each(PASSWORDS)('%j signs in, is replaced and deletes the account in each of them', async (password) => {
    const user = await newUser(server);
    expect(await change(user, user.password, password)).toBe(204);
    for (const spelling of spellingsOf(password)) {
      expect(await login(user, spelling)).toBe(200);
      expect(await change(user, spelling, spelling)).toBe(204);
    }
    const body = { password: password.normalize('NFD') };
    expect((await user.rest.request('DELETE /auth/me', { body })).status).toBe(204);
  });

  it.each([
    ['ﬁne office weather', 'fine office weather'],
    ['ｐａｐｅｒ boats', 'paper boats'],
    ['große Straße 7', 'grosse Strasse 7'],
    ['Paper Boats Dawn', 'paper boats dawn'],
    [' paper boats dawn', 'paper boats dawn'],
    ['paper\u200Bboats dawn', 'paperboats dawn'],
    ['crème brûlée at dawn', 'creme brulee at dawn'],
  ])('%j is not %j', async (password, other) => {
    const user = await newUser(server);
    expect(await change(user, user.password, password)).toBe(204);
    expect(await login(user, other)).toBe(401);
    expect(await login(user, password)).toBe(200);
  });

  it('has its length in the normal form', async () => {
    const user = await newUser(server);
    expect(await change(user, user.password, 'éàüö'.normalize('NFD'))).toBe('invalid_input');
    expect(await change(user, user.password, 'éàüöñîçõ'.normalize('NFD'))).toBe(204);
    const long = 'é'.repeat(30) + 'paper boats';
    expect(await change(user, 'éàüöñîçõ', long.normalize('NFD'))).toBe(204);
    expect(await login(user, long)).toBe(200);
    expect(await change(user, long, `${'é'.repeat(37)}`.normalize('NFD'))).toBe('password_too_long');
  });

  it('that was hashed in its normal form lets in the others', async () => {
    const user = await newUserOfBefore('crème brûlée');
    const former = await storedHash(user);
    expect(await login(user, 'crème brûlée'.normalize('NFD'))).toBe(200);
    expect(await storedHash(user)).toBe(former);
  });

  it.each(['crème brûlée'.normalize('NFD'), 'paper\u00A0boats', '\u212Bngstrom'])(
    'that was hashed as typed, %j, still lets in, and all others from then on',
    async (typed) => {
      const user = await newUserOfBefore(typed);
      expect(await login(user, typed.normalize('NFC').replace('\u00A0', ' '))).toBe(401);
      expect(await login(user, typed)).toBe(200);
      for (const spelling of spellingsOf(typed)) expect(await login(user, spelling)).toBe(200);
      expect(await storedHash(user)).toMatch(/^\$2b\$/);
    },
  );

  it('lets in all devices that sign in at the same time while its hash is replaced', async () => {
    const user = await newUserOfBefore('crème brûlée'.normalize('NFD'));
    const answers = await Promise.all(Array.from({ length: 4 }, () => login(user, user.password)));
    expect(answers).toEqual(Array(4).fill(200));
  });

  it('is accepted for changes of the account before its hash is replaced', async () => {
    const user = await newUserOfBefore('crème brûlée'.normalize('NFD'));
    expect(await change(user, 'crème brûlée', 'staple of the sea')).toBe('wrong_password');
    expect(await change(user, user.password, 'staple of the sea')).toBe(204);
  });

  it('lets in although its normal form is too long to be hashed', async () => {
    const user = await newUserOfBefore('\u0958'.repeat(15));
    const former = await storedHash(user);
    for (let i = 0; i < 2; i++) expect(await login(user, user.password)).toBe(200);
    expect(await storedHash(user)).toBe(former);
  });
});
