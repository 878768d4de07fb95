import { DataSource } from 'typeorm';
import { createResetLink } from '../../src/auth/reset-links';
import { rest, type RestResponse } from '../support/rest';
import { newUser, startApp, type TestUser } from '../support/test-app';
import { useServer } from '../support/use-server';

const NEW_PASSWORD = 'staple of the sea';

const server = useServer();

const newLink = ({ id }: TestUser): Promise<string> => createResetLink(server.app.get(DataSource).manager, id);

const reset = (token: string, newPassword = NEW_PASSWORD): Promise<RestResponse> =>
  rest(server.url).request('POST /auth/reset-password', { body: { token, newPassword } });

const codeOf = ({ status, body }: RestResponse): string => body?.error?.code ?? String(status);

const signIn = async ({ email }: TestUser, password: string): Promise<number> =>
  (await rest(server.url).request('POST /auth/login', { body: { email, password } })).status;

describe('a reset link', () => {
  it('sets a new password once, ends all sessions and their sockets, and signs nobody in', async () => {
    const anna = await newUser(server, 'anna');
    const socket = await server.connect(anna);
    const cut = new Promise((done) => socket.raw.once('disconnect', done));
    const token = await newLink(anna);
    const answer = await reset(token);
    expect([answer.status, answer.body]).toEqual([204, undefined]);
    expect(answer.headers.getSetCookie()).toEqual([]);
    await cut;
    expect((await anna.rest.request('GET /auth/me')).body.error.code).toBe('session_ended');
    expect((await anna.rest.request('POST /auth/refresh', { body: {} })).body.error.code).toBe('session_ended');
    expect(await signIn(anna, anna.password)).toBe(401);
    expect(await signIn(anna, NEW_PASSWORD)).toBe(200);
    expect(codeOf(await reset(token))).toBe('reset_link_invalid');
  });

  it('works for one of two concurrent requests', async () => {
    const anna = await newUser(server, 'anna');
    const token = await newLink(anna);
    const both = await Promise.all([reset(token, 'paper boats at dawn'), reset(token, 'a kettle on the roof')]);
    expect(both.map(codeOf).sort()).toEqual(['204', 'reset_link_invalid']);
    const first = both.findIndex(({ status }) => status === 204);
    expect(await signIn(anna, ['paper boats at dawn', 'a kettle on the roof'][first]!)).toBe(200);
  });

  it('is void when a newer one is created, which works', async () => {
    const anna = await newUser(server, 'anna');
    const [older, newer] = [await newLink(anna), await newLink(anna)];
    expect(codeOf(await reset(older))).toBe('reset_link_invalid');
    expect(codeOf(await reset(newer))).toBe('204');
  });

  it('is void when the password has been changed', async () => {
    const anna = await newUser(server, 'anna');
    const token = await newLink(anna);
    await anna.rest.request('POST /auth/password', {
      body: { currentPassword: anna.password, newPassword: 'paper boats at dawn' },
    });
    expect(codeOf(await reset(token))).toBe('reset_link_invalid');
    expect(await signIn(anna, 'paper boats at dawn')).toBe(200);
  });

  it('is void after half an hour', async () => {
    const anna = await newUser(server, 'anna');
    const token = await newLink(anna);
    const [link] = await server.db.query<{ minutes: number }>(
      'SELECT round(extract(epoch FROM expires_at - now()) / 60)::int AS minutes FROM reset_links WHERE user_id = $1',
      [anna.id],
    );
    expect(link?.minutes).toBe(30);
    await server.db.query('UPDATE reset_links SET expires_at = now() WHERE user_id = $1', [anna.id]);
    expect(codeOf(await reset(token))).toBe('reset_link_invalid');
    expect(await signIn(anna, anna.password)).toBe(200);
  });

  it('is deleted with the account', async () => {
    const anna = await newUser(server, 'anna');
    const token = await newLink(anna);
    await anna.rest.request('DELETE /auth/me', { body: { password: anna.password } });
    expect(await server.db.query('SELECT FROM reset_links WHERE user_id = $1', [anna.id])).toEqual([]);
    expect(codeOf(await reset(token))).toBe('reset_link_invalid');
  });

  it('changes only its own user', async () => {
    const [anna, boris] = [await newUser(server, 'anna'), await newUser(server, 'boris')];
    const [token] = [await newLink(anna), await newLink(boris)];
    // The link decides, and not the signed-in user.
    expect(
      (await boris.rest.request('POST /auth/reset-password', { body: { token, newPassword: NEW_PASSWORD } })).status,
    ).toBe(204);
    expect(await signIn(anna, NEW_PASSWORD)).toBe(200);
    expect(await signIn(boris, boris.password)).toBe(200);
    expect((await boris.rest.request('GET /auth/me')).status).toBe(200);
  });

  it.each([
    ['password_too_common', 'Password123'],
    ['password_like_name', 'olga-2024!'],
    ['password_too_long', 'ж'.repeat(40)],
    ['invalid_input', 'short'],
  ])('still works after a password that is refused with %s', async (code, password) => {
    const olga = await newUser(server, 'olga');
    const token = await newLink(olga);
    expect(codeOf(await reset(token, password))).toBe(code);
    expect((await olga.rest.request('GET /auth/me')).status).toBe(200);
    expect(codeOf(await reset(token))).toBe('204');
  });

  it.each(['', 'x', 'x'.repeat(43), null, 7])('is refused when it is made up: %j', async (token) => {
    const body = { token, newPassword: NEW_PASSWORD };
    const answer = await rest(server.url).send('POST', '/api/v1/auth/reset-password', body);
    expect(['reset_link_invalid', 'invalid_input']).toContain(codeOf(answer));
  });

  it('is stored only as a hash', async () => {
    const anna = await newUser(server, 'anna');
    const token = await newLink(anna);
    expect(JSON.stringify(await server.db.query('SELECT * FROM reset_links'))).not.toContain(token);
  });

  it('cannot be guessed without limit from one address', async () => {
    const limited = await startApp({ database: server.db, env: { THROTTLE_SCALE: '0.1' } });
    const guess = () =>
      rest(limited.url).request('POST /auth/reset-password', { body: { token: 'guessed', newPassword: NEW_PASSWORD } });
    expect([codeOf(await guess()), codeOf(await guess()), codeOf(await guess())]).toEqual([
      'reset_link_invalid',
      'reset_link_invalid',
      'too_many_requests',
    ]);
    await limited.close();
  });
});
