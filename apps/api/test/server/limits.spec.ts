import { type CommandAck, ERROR_CATALOG } from '@webcall/contracts';
import type * as Limits from '../../src/platform/throttling/limits';
import { LIMITS_BY_NAME } from '../../src/platform/throttling/limits';
import type * as LongWindows from '../support/faults/long-windows';
import { describeWithRedis, startRedis, type TestRedis } from '../support/redis';
import { rest, RestClient } from '../support/rest';
import { TestSocket } from '../support/sockets';
import { newUser, startApp, type TestApp, type TestUser } from '../support/test-app';
import { useServer } from '../support/use-server';

jest.mock('../../src/platform/throttling/limits', () => {
  const { forAnHour } = jest.requireActual<typeof LongWindows>('../support/faults/long-windows');
  return forAnHour(jest.requireActual<typeof Limits>('../../src/platform/throttling/limits'), /./);
});

const server = useServer();

describe('limits', () => {
  it('hold per address and e-mail, so that nobody can lock out somebody else', async () => {
    const limited = await startApp({
      database: server.db,
      env: { THROTTLE_SCALE: '0.2', TRUSTED_PROXIES: 'loopback' },
    });
    const [anna, boris] = [await newUser(server), await newUser(server)];
    const login = (email: string | null, from: string, password = 'wrong') =>
      rest(limited.url).send('POST', '/api/v1/auth/login', { email, password }, { 'x-forwarded-for': from });
    for (let i = 0; i < 4; i++) expect((await login(anna.email, '203.0.113.7')).status).toBe(401);
    const { status, body, headers } = await login(anna.email.toUpperCase(), '203.0.113.7');
    expect([status, body.error.code]).toEqual([429, 'too_many_requests']);
    expect(Number(headers.get('retry-after'))).toBe(body.error.details.retryAfterSeconds);
    expect([...headers.keys()].filter((name) => /ratelimit/i.test(name))).toEqual([]);
    expect((await login(boris.email, '203.0.113.7', boris.password)).status).toBe(200);
    expect((await login(anna.email, '203.0.113.8', anna.password)).status).toBe(200);
    await limited.close();
  });

  it('count the address of the connection when no proxy is trusted', async () => {
    const limited = await startApp({ database: server.db, env: { THROTTLE_SCALE: '0.05' } });
    const login = (from: string) =>
      rest(limited.url).send(
        'POST',
        '/api/v1/auth/login',
        { email: 'a@b.c', password: 'x' },
        { 'x-forwarded-for': from },
      );
    expect((await login('203.0.113.1')).status).toBe(401);
    expect((await login('203.0.113.2')).status).toBe(429);
    await limited.close();
  });

  it('refuse requests that are counted before parsing with the same body and headers', async () => {
    const limited = await startApp({ database: server.db, env: { THROTTLE_SCALE: '0.01' } });
    const register = () => rest(limited.url).send('POST', '/api/v1/auth/register', {});
    expect((await register()).status).toBe(400);
    const { status, body, headers } = await register();
    const { code, details } = body.error;
    expect([status, code, Object.keys(details)]).toEqual([429, 'too_many_requests', ['retryAfterSeconds']]);
    expect(details.retryAfterSeconds).toBeGreaterThan(1);
    expect(details.retryAfterSeconds).toBeLessThanOrEqual(LIMITS_BY_NAME.register.seconds);
    expect(headers.get('retry-after')).toBe(String(details.retryAfterSeconds));
    expect([...headers.keys()].filter((name) => /ratelimit/i.test(name))).toEqual([]);
    await limited.close();
  });

  describe('on commands', () => {
    let limited: TestApp;
    beforeAll(async () => {
      limited = await startApp({ database: server.db, env: { THROTTLE_SCALE: '0.05' } });
    });
    afterAll(() => limited.close());

    const sockets: TestSocket[] = [];
    afterEach(() => sockets.splice(0).forEach((socket) => socket.close()));
    const connect = async ({ rest: { token } }: TestUser): Promise<TestSocket> => {
      const socket = await TestSocket.connect(limited.url, token);
      sockets.push(socket);
      return socket;
    };

    it('answer with an acknowledgement, and leave the socket usable for other commands', async () => {
      const [anna, boris] = [await newUser(server), await newUser(server)];
      const [a, phone, b] = [await connect(anna), await connect(anna), await connect(boris)];
      const { limit, seconds } = LIMITS_BY_NAME['socket:status'];
      for (let i = 0; i < limit * 0.05; i++) await a.ask('presence:set', { away: true });
      for (const socket of [a, a, phone]) {
        const ack = await socket.send('presence:set', { away: false });
        expect(ack).toEqual({
          ok: false,
          error: {
            code: 'too_many_requests',
            message: ERROR_CATALOG.too_many_requests.message,
            details: { retryAfterSeconds: expect.any(Number) },
          },
        });
        const wait = (ack as CommandAck<never> & { ok: false }).error.details!['retryAfterSeconds'];
        expect(wait).toBeGreaterThan(1);
        expect(wait).toBeLessThanOrEqual(seconds);
      }
      expect([a.raw.connected, phone.raw.connected]).toEqual([true, true]);
      await a.ask('auth:renew', { token: anna.rest.token! });
      await b.ask('presence:set', { away: true });
    });

    it('count each command separately, also those with the same limit', async () => {
      const anna = await newUser(server);
      const a = await connect(anna);
      const renew = () => a.send('auth:renew', { token: anna.rest.token! });
      for (let i = 0; i < LIMITS_BY_NAME['socket:any'].limit * 0.05; i++) expect((await renew()).ok).toBe(true);
      expect(await a.refusal('auth:renew', { token: anna.rest.token! })).toBe('too_many_requests');
      expect(await a.refusal('call:leave', {})).not.toBe('too_many_requests');
      expect(a.raw.connected).toBe(true);
    });
  });

  it('hold for cards of people and direct rooms with strangers, as for the search and for requests', async () => {
    const limited = await startApp({ database: server.db, env: { THROTTLE_SCALE: '0.05' } });
    const [anna, boris] = [await newUser(server), await newUser(server)];
    const client = new RestClient(limited.url, anna.rest.token);
    const card = async () => (await client.request('GET /users/:userId', { userId: boris.id })).status;
    const room = async () => (await client.request('POST /contacts/:userId/room', { userId: boris.id })).status;
    const statusesOf = async (ask: () => Promise<number>) => [await ask(), await ask(), await ask(), await ask()];
    expect(await statusesOf(card)).toEqual([200, 200, 200, 429]);
    expect(await statusesOf(room)).toEqual([404, 404, 404, 429]);
    await limited.close();
  });

  it('hold for each address that probes, and allow usual probes every second', async () => {
    const limited = await startApp({
      database: server.db,
      env: { THROTTLE_SCALE: '0.01', TRUSTED_PROXIES: 'loopback', METRICS_TOKEN: 'token-of-the-metrics-1' },
    });
    const probe = async (what: string, from: string) =>
      (await rest(limited.url).send('GET', `/${what}`, undefined, { 'x-forwarded-for': from })).status;
    // A hundredth of a minute's limit: ten clients that probe both paths every second.
    for (let i = 0; i < 6; i++) {
      expect([await probe('healthz', '203.0.113.7'), await probe('readyz', '203.0.113.7')]).toEqual([200, 200]);
    }
    for (const what of ['healthz', 'readyz', 'metrics', 'readyz?again', 'readyz/']) {
      expect([what, await probe(what, '203.0.113.7')]).toEqual([what, 429]);
    }
    expect(await probe('readyz', '203.0.113.8')).toBe(200);
    await limited.close();
  });
});

describeWithRedis('limits in Redis', () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startRedis();
  });

  const login = (app: TestApp, email = 'anna@example.org') =>
    rest(app.url).request('POST /auth/login', { body: { email, password: 'x' } });

  it('hold over all servers, and for each server separately while Redis is unreachable', async () => {
    const options = { database: server.db, redis: redis.url, env: { THROTTLE_SCALE: '0.1' } };
    const [one, other] = [await startApp(options), await startApp(options)];
    expect((await login(one)).status).toBe(401);
    expect((await login(other)).status).toBe(401);
    expect((await login(one)).status).toBe(429);
    expect((await login(other)).status).toBe(429);
    await redis.stop();
    for (const status of [401, 401, 429]) expect((await login(one, 'boris@example.org')).status).toBe(status);
    expect((await rest(one.url).send('GET', '/healthz')).status).toBe(200);
    await Promise.all([one.close(), other.close()]);
  });
});
