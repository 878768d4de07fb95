import { JwtService } from '@nestjs/jwt';
import { randomUUID } from 'node:crypto';
import { rest } from '../support/rest';
import { newDevice, newGuest, newRoom, newUser, REGISTRATION_CODE, startApp, type TestApp } from '../support/test-app';

let server: TestApp;

beforeAll(async () => {
  server = await startApp();
});
afterAll(() => server.close());

const account = (name: string, more: object = {}) => ({
  username: name,
  email: `${name}@example.org`,
  password: 'correct horse battery',
  registrationCode: REGISTRATION_CODE,
  ...more,
});

describe('signing up', () => {
  it('answers with the user, an access token, and the refresh token in a cookie that scripts cannot read', async () => {
    const { status, body, headers } = await rest(server.url).request('POST /auth/register', { body: account('anna') });
    expect(status).toBe(201);
    expect(body).toEqual({
      accessToken: expect.any(String),
      expiresIn: 900,
      user: {
        id: expect.any(String),
        username: 'anna',
        email: 'anna@example.org',
        guest: false,
        createdAt: expect.any(String),
      },
    });
    const [cookie] = headers.getSetCookie();
    expect(cookie).toMatch(/^webcall_refresh=[\w-]{43}; /);
    expect(cookie).toContain('HttpOnly');
    expect(cookie).toContain('SameSite=Strict');
    expect(cookie).toContain('Path=/api/v1/auth');
    expect(cookie).not.toContain('Secure');
  });

  it('stores the password as $2b$ bcrypt, and refresh tokens only as hashes', async () => {
    const client = rest(server.url);
    await client.request('POST /auth/register', { body: account('stored') });
    const [row] = await server.db.query<{ password_hash: string }>(
      `SELECT password_hash FROM users WHERE username = 'stored'`,
    );
    expect(row!.password_hash).toMatch(/^\$2b\$04\$/);
    const tokens = await server.db.query<{ hash: string }>('SELECT hash FROM refresh_tokens');
    expect(tokens.map(({ hash }) => hash)).not.toContain(client.cookie);
  });

  it.each([
    ['username_taken', 'TAKEN', { email: 'other@example.org' }],
    ['email_taken', 'somebody-else', { email: 'Taken@Example.org' }],
  ])('refuses with %s regardless of case', async (code, name, more) => {
    await rest(server.url).request('POST /auth/register', { body: account('taken') });
    const { status, body } = await rest(server.url).request('POST /auth/register', { body: account(name, more) });
    expect([status, body.error.code]).toEqual([409, code]);
  });

  it('gives a name to one of two concurrent requests', async () => {
    const both = await Promise.all(
      ['race1@example.org', 'race2@example.org'].map((email) =>
        rest(server.url).request('POST /auth/register', { body: account('race', { email }) }),
      ),
    );
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect(both.find(({ status }) => status === 409)!.body.error.code).toBe('username_taken');
  });

  it.each([
    [403, 'registration_code_wrong', { registrationCode: 'guessed' }],
    [400, 'password_too_long', { password: 'ж'.repeat(40) }],
    [400, 'invalid_input', { password: 'short' }],
    [400, 'invalid_input', { username: 'two words' }],
    [400, 'invalid_input', { email: 'nobody' }],
  ])('answers %i %s', async (status, code, more) => {
    const answer = await rest(server.url).request('POST /auth/register', { body: account('refused', more) });
    expect([answer.status, answer.body.error.code]).toEqual([status, code]);
  });

  it('names the invalid fields', async () => {
    const { body } = await rest(server.url).request('POST /auth/register', { body: account('x', { password: '1' }) });
    expect(body.error.details).toEqual({
      username: ['username must be 3–32 of A–Z, a–z, 0–9, dot, underscore, hyphen, with a letter'],
      password: [expect.stringContaining('8')],
    });
  });
});

describe('signing in', () => {
  it('accepts the e-mail regardless of case', async () => {
    const user = await newUser(server);
    const { status, body } = await rest(server.url).request('POST /auth/login', {
      body: { email: user.email.toUpperCase(), password: user.password },
    });
    expect([status, body.user.id]).toEqual([200, user.id]);
  });

  it('accepts the username as well, regardless of case and of guests with the same name', async () => {
    const [user, host] = [await newUser(server), await newUser(server)];
    await newGuest(host, (await newRoom(host)).id, user.username);
    for (const name of [user.username, ` ${user.username.toUpperCase()} `]) {
      const { status, body } = await rest(server.url).request('POST /auth/login', {
        body: { email: name, password: user.password },
      });
      expect([status, body.user?.id]).toEqual([200, user.id]);
    }
  });

  it('answers the same for a wrong password and an unknown e-mail', async () => {
    const user = await newUser(server);
    const answers = await Promise.all([
      rest(server.url).request('POST /auth/login', { body: { email: user.email, password: 'wrong' } }),
      rest(server.url).request('POST /auth/login', { body: { email: 'nobody@example.org', password: 'wrong' } }),
      rest(server.url).request('POST /auth/login', { body: { email: user.username, password: 'wrong' } }),
      rest(server.url).request('POST /auth/login', { body: { email: 'nobody', password: 'wrong' } }),
      rest(server.url).request('POST /auth/login', { body: { email: user.id, password: user.password } }),
      rest(server.url).request('POST /auth/login', {
        body: { email: user.email, password: `${user.password}${'x'.repeat(100)}` },
      }),
    ]);
    for (const { status, body } of answers) expect([status, body.error.code]).toEqual([401, 'invalid_credentials']);
  });

  it('marks the cookie Secure when the request came by https through a trusted proxy', async () => {
    const proxied = await startApp({ database: server.db, env: { TRUSTED_PROXIES: 'loopback' } });
    const user = await newUser(server);
    const { headers } = await rest(proxied.url).send(
      'POST',
      '/api/v1/auth/login',
      { email: user.email, password: user.password },
      { 'x-forwarded-proto': 'https' },
    );
    expect(headers.getSetCookie()[0]).toContain('Secure');
    await proxied.close();
  });
});

describe('refreshing', () => {
  it('gives a new access token and a new refresh token', async () => {
    const { rest: client } = await newUser(server);
    const before = client.cookie;
    const { status, body } = await client.request('POST /auth/refresh', { body: {} });
    expect(status).toBe(200);
    expect(client.cookie).not.toBe(before);
    client.token = body.accessToken;
    expect((await client.request('GET /auth/me')).status).toBe(200);
  });

  it('ends the session when a refresh token is used twice', async () => {
    const { rest: client } = await newUser(server);
    const stolen = rest(server.url);
    stolen.cookie = client.cookie;
    await client.request('POST /auth/refresh', { body: {} });
    expect((await stolen.request('POST /auth/refresh', { body: {} })).body.error.code).toBe('session_ended');
    expect((await client.request('POST /auth/refresh', { body: {} })).body.error.code).toBe('session_ended');
    expect((await client.request('GET /auth/me')).body.error.code).toBe('session_ended');
    expect(client.cookie).toBeUndefined();
  });

  it('accepts the repeat of an attempt whose response got lost', async () => {
    const { rest: client } = await newUser(server);
    const [attempt, cookie] = [randomUUID(), client.cookie];
    await client.request('POST /auth/refresh', { body: { attempt } });
    client.cookie = cookie;
    expect((await client.request('POST /auth/refresh', { body: { attempt } })).status).toBe(200);
    expect((await client.request('POST /auth/refresh', { body: { attempt: randomUUID() } })).status).toBe(200);
  });

  it('does not accept a repeat once the next token has been used', async () => {
    const { rest: client } = await newUser(server);
    const [attempt, cookie] = [randomUUID(), client.cookie];
    await client.request('POST /auth/refresh', { body: { attempt } });
    await client.request('POST /auth/refresh', { body: {} });
    client.cookie = cookie;
    expect((await client.request('POST /auth/refresh', { body: { attempt } })).body.error.code).toBe('session_ended');
  });

  it('keeps a session of which four tabs refresh at once, whichever response arrives last', async () => {
    const { rest: client } = await newUser(server);
    const attempt = randomUUID();
    const tabs = Array.from({ length: 4 }, () => Object.assign(rest(server.url), { cookie: client.cookie }));
    const refreshAll = () => Promise.all(tabs.map((tab) => tab.request('POST /auth/refresh', { body: { attempt } })));
    expect((await refreshAll()).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(new Set(tabs.map(({ cookie }) => cookie)).size).toBe(4);
    for (const { cookie } of tabs) {
      client.cookie = cookie;
      expect((await client.request('POST /auth/refresh', { body: { attempt } })).status).toBe(200);
    }
  });

  it('accepts a repeat for a moment after the next token was used, and takes it for reuse later', async () => {
    const { id, rest: client } = await newUser(server);
    const [attempt, cookie] = [randomUUID(), client.cookie];
    const refresh = () => client.request('POST /auth/refresh', { body: { attempt } });
    const refreshAgain = () => {
      client.cookie = cookie;
      return refresh();
    };
    await refresh();
    await refresh();
    expect((await refreshAgain()).status).toBe(200);
    await refresh();
    await server.db.query(
      `UPDATE refresh_tokens SET used_at = used_at - interval '1 minute'
        WHERE session_id IN (SELECT id FROM sessions WHERE user_id = $1)`,
      [id],
    );
    expect((await refreshAgain()).body.error.code).toBe('session_ended');
  });

  it('ends the session when the same token is used twice at once', async () => {
    const { rest: client } = await newUser(server);
    const twin = rest(server.url);
    twin.cookie = client.cookie;
    const both = await Promise.all([
      client.request('POST /auth/refresh', { body: {} }),
      twin.request('POST /auth/refresh', { body: {} }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 401]);
    expect((await client.request('GET /auth/me')).status).toBe(401);
  });

  it.each([
    ['a page of another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    ['a page of a sister domain', { 'sec-fetch-site': 'same-site', origin: 'https://sister.example' }],
    ['an old browser on another site', { origin: 'https://evil.example' }],
  ])('is refused from %s', async (_, headers) => {
    const { rest: client } = await newUser(server);
    const { status, body } = await client.send('POST', '/api/v1/auth/refresh', {}, headers);
    expect([status, body.error.code]).toEqual([403, 'origin_refused']);
  });

  it('needs the cookie', async () => {
    const { status, body } = await rest(server.url).request('POST /auth/refresh', { body: {} });
    expect([status, body.error.code]).toEqual([401, 'unauthorized']);
  });
});

describe('the own account', () => {
  it('changes username and e-mail, unless they are taken', async () => {
    const [user, other] = [await newUser(server), await newUser(server)];
    const change = (to: object) =>
      user.rest.request('PATCH /auth/me', { body: { ...to, currentPassword: user.password } });
    const { body } = await change({ username: `${user.username}.k`, email: 'new@example.org' });
    expect(body).toMatchObject({ username: `${user.username}.k`, email: 'new@example.org' });
    expect((await user.rest.request('GET /auth/me')).body.username).toBe(`${user.username}.k`);
    const taken = await change({ username: other.username.toUpperCase() });
    expect([taken.status, taken.body.error.code]).toEqual([409, 'username_taken']);
    expect((await change({ email: other.email })).body.error.code).toBe('email_taken');
    expect((await change({})).status).toBe(400);
    expect((await change({ username: 'a b' })).status).toBe(400);
    expect((await user.rest.request('GET /auth/me')).body.email).toBe('new@example.org');
  });

  it('changes username and e-mail only with the password', async () => {
    const user = await newUser(server);
    for (const wrong of [{}, { currentPassword: 'wrong' }, { currentPassword: null }]) {
      for (const change of [{ username: 'mallory' }, { email: 'mallory@example.org' }]) {
        const { status, body } = await user.rest.send('PATCH', '/api/v1/auth/me', { ...change, ...wrong });
        expect([status, body.error.code]).toEqual([403, 'wrong_password']);
      }
    }
    expect((await user.rest.request('GET /auth/me')).body).toMatchObject({
      username: user.username,
      email: user.email,
    });
  });

  it('changes the password, which ends the other sessions', async () => {
    const user = await newUser(server);
    const other = await newDevice(server, user);
    const change = { currentPassword: user.password, newPassword: 'staple of the sea' };
    expect(
      (await user.rest.request('POST /auth/password', { body: { ...change, currentPassword: 'wrong' } })).body.error
        .code,
    ).toBe('wrong_password');
    expect((await user.rest.request('POST /auth/password', { body: change })).status).toBe(204);
    expect((await user.rest.request('GET /auth/me')).status).toBe(200);
    expect((await other.request('GET /auth/me')).body.error.code).toBe('session_ended');
    expect((await other.request('POST /auth/refresh', { body: {} })).status).toBe(401);
    expect(
      (await rest(server.url).request('POST /auth/login', { body: { email: user.email, password: user.password } }))
        .status,
    ).toBe(401);
    expect(
      (
        await rest(server.url).request('POST /auth/login', {
          body: { email: user.email, password: 'staple of the sea' },
        })
      ).status,
    ).toBe(200);
  });

  it('is deleted with the password, at once', async () => {
    const user = await newUser(server);
    expect((await user.rest.request('DELETE /auth/me', { body: { password: 'wrong' } })).body.error.code).toBe(
      'wrong_password',
    );
    expect((await user.rest.request('DELETE /auth/me', { body: { password: user.password } })).status).toBe(204);
    expect((await user.rest.request('GET /auth/me')).body.error.code).toBe('session_ended');
    expect(await server.db.query('SELECT FROM users WHERE id = $1', [user.id])).toHaveLength(0);
    expect(await server.db.query('SELECT FROM sessions WHERE user_id = $1', [user.id])).toHaveLength(0);
  });
});

describe('access tokens', () => {
  it.each(['nonsense', 'a.b.c', 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.'])(
    'are refused when forged: %s',
    async (token) => {
      const client = rest(server.url);
      client.token = token;
      const { status, body } = await client.request('GET /auth/me');
      expect([status, body.error.code]).toEqual([401, 'unauthorized']);
    },
  );

  it.each([{ sub: 'anna' }, { sub: 'anna', sid: 'x' }, { sub: { name: 'anna' }, sid: [] }, {}])(
    'are refused when another system signed them with the same secret: %j',
    async (claims) => {
      const client = rest(server.url);
      client.token = await server.app.get(JwtService, { strict: false }).signAsync(claims, { expiresIn: 60 });
      const { status, body } = await client.request('GET /auth/me');
      expect([status, body.error.code]).toEqual([401, 'unauthorized']);
    },
  );
});
