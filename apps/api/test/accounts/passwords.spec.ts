import { hash } from '@node-rs/bcrypt';
import { rest } from '../support/rest';
import { newUser, REGISTRATION_CODE } from '../support/test-app';
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
