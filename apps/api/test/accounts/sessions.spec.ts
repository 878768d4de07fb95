import { newDevice, newUser, startApp, type TestApp } from '../support/test-app';

let server: TestApp;

beforeAll(async () => {
  server = await startApp();
});
afterAll(() => server.close());

describe('sessions', () => {
  it('are listed with the device, the current one marked', async () => {
    const user = await newUser(server);
    const other = await newDevice(server, user);
    const { sessions, next } = (await other.request('GET /auth/sessions')).body;
    expect([sessions.length, next]).toEqual([2, null]);
    expect(sessions.filter(({ current }) => current)).toHaveLength(1);
    expect(sessions[0]).toEqual({
      id: expect.any(String),
      device: expect.any(String),
      current: expect.any(Boolean),
      createdAt: expect.any(String),
      lastUsedAt: expect.any(String),
      active: true,
    });
    const { id } = sessions.find(({ current }) => !current)!;
    await server.db.query(`UPDATE sessions SET last_used_at = now() - interval '20 minutes' WHERE id = $1`, [id]);
    const later = (await other.request('GET /auth/sessions')).body.sessions;
    expect(later.map((session) => [session.current, session.active])).toEqual([
      [true, true],
      [false, false],
    ]);
  });

  it('end everywhere else at once, and of two devices that ask for it together one stays', async () => {
    const user = await newUser(server);
    const others = [await newDevice(server, user), await newDevice(server, user)] as const;
    const stranger = await newUser(server);
    expect((await user.rest.request('DELETE /auth/sessions')).status).toBe(204);
    for (const other of others) expect((await other.request('GET /auth/me')).body.error.code).toBe('session_ended');
    for (const { rest: staying } of [user, stranger]) expect((await staying.request('GET /auth/me')).status).toBe(200);
    expect((await user.rest.request('GET /auth/sessions')).body.sessions).toMatchObject([{ current: true }]);

    const devices = [user.rest, await newDevice(server, user)];
    await Promise.all(devices.map((device) => device.request('DELETE /auth/sessions')));
    const answers = await Promise.all(devices.map((device) => device.request('GET /auth/me')));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it('end at once when they are revoked, which only their own user can do', async () => {
    const user = await newUser(server);
    const other = await newDevice(server, user);
    const { body } = await user.rest.request('GET /auth/sessions');
    const { id } = body.sessions.find(({ current }) => !current)!;
    const stranger = await newUser(server);
    expect((await stranger.rest.request('DELETE /auth/sessions/:sessionId', { sessionId: id })).body.error.code).toBe(
      'session_not_found',
    );
    expect((await user.rest.request('DELETE /auth/sessions/:sessionId', { sessionId: id })).status).toBe(204);
    expect((await other.request('GET /auth/me')).body.error.code).toBe('session_ended');
    expect((await other.request('POST /auth/refresh', { body: {} })).body.error.code).toBe('session_ended');
    expect((await user.rest.request('DELETE /auth/sessions/:sessionId', { sessionId: id })).body.error.code).toBe(
      'session_not_found',
    );
  });

  it('end by signing out', async () => {
    const { rest: client } = await newUser(server);
    const cookie = client.cookie;
    expect((await client.request('POST /auth/logout')).status).toBe(204);
    expect(client.cookie).toBeUndefined();
    expect((await client.request('GET /auth/me')).body.error.code).toBe('session_ended');
    client.cookie = cookie;
    expect((await client.request('POST /auth/refresh', { body: {} })).body.error.code).toBe('session_ended');
    expect((await client.request('POST /auth/logout')).status).toBe(204);
  });
});
