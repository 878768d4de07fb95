import { Realtime } from '../../src/platform/realtime/realtime';
import type * as Limits from '../../src/platform/throttling/limits';
import { LIMITS_BY_NAME } from '../../src/platform/throttling/limits';
import type * as LongWindows from '../support/faults/long-windows';
import { rest } from '../support/rest';
import { TestSocket } from '../support/sockets';
import { newUser, startApp, type TestApp } from '../support/test-app';
import { useServer } from '../support/use-server';

jest.mock('../../src/platform/throttling/limits', () => {
  const { forAnHour } = jest.requireActual<typeof LongWindows>('../support/faults/long-windows');
  return forAnHour(jest.requireActual<typeof Limits>('../../src/platform/throttling/limits'), /./);
});

const server = useServer();

describe('limits by address, where proxies write ports behind addresses,', () => {
  let limited: TestApp;
  beforeAll(async () => {
    // The limit allows one failed sign-in with an e-mail from an address.
    const env = { THROTTLE_SCALE: '0.05', TRUSTED_PROXIES: 'loopback,198.51.100.0/24,2001:db8:ffff::/48' };
    limited = await startApp({ database: server.db, env });
  });
  afterAll(() => limited.close());

  let names = 0;
  /** @returns the outcomes of failed sign-ins with the same e-mail, each with another forwarded address */
  const failures = async (...froms: string[]): Promise<number[]> => {
    const email = `nobody-${names++}@example.org`;
    const answers: number[] = [];
    for (const from of froms) {
      const headers = { 'x-forwarded-for': from };
      const { status } = await rest(limited.url).send('POST', '/api/v1/auth/login', { email, password: 'x' }, headers);
      answers.push(status);
    }
    return answers;
  };

  it.each([
    ['IPv4', ['203.0.113.8:5001', '203.0.113.8:5002', '203.0.113.8', '::ffff:203.0.113.8', '[::ffff:203.0.113.8]:1']],
    ['IPv6', ['[2001:db8::1]:5001', '[2001:db8::1]:5002', '[2001:db8::1]', '2001:db8::1', '2001:db8::1:5001']],
  ])('count the address and not the port: %s', async (_, froms) => {
    expect(await failures(...froms)).toEqual([401, ...froms.slice(1).map(() => 429)]);
  });

  it('take no part of an IPv6 address for a port', async () => {
    expect(await failures('2001:db8:0:1::5001', '2001:db8:0:2::5001', '2001:db8:0:3:4:5:6:5001')).toEqual([
      401, 401, 401,
    ]);
  });

  it.each([
    ['198.51.100.4:61000', '203.0.113.20', '203.0.113.21'],
    ['[2001:db8:ffff::4]:61000', '203.0.113.30', '203.0.113.31'],
    ['[2001:db8:ffff::4]', '203.0.113.40', '203.0.113.41'],
  ])('trust a proxy that is written as %s', async (proxy, one, other) => {
    const from = (client: string): string => `192.0.2.1, ${client}, ${proxy}`;
    expect(await failures(from(`${one}:1`), from(`${other}:1`), from(`${one}:2`))).toEqual([401, 401, 429]);
  });

  it('hold for requests that are counted before they are parsed, too', async () => {
    const statuses = new Set<number>();
    const { limit } = LIMITS_BY_NAME.probe;
    for (let port = 1; port <= limit * 0.05 + 1; port++) {
      const headers = { 'x-forwarded-for': `203.0.113.9:${port}` };
      statuses.add((await rest(limited.url).send('GET', '/healthz', undefined, headers)).status);
    }
    expect([...statuses]).toEqual([200, 429]);
  });

  it.each(['websocket', 'polling'])('apply to sockets over %s by the same address', async (transport) => {
    const user = await newUser(server);
    const socket = await TestSocket.connect(limited.url, user.rest.token, {
      transports: [transport],
      extraHeaders: { 'x-forwarded-for': '[2001:db8::7]:5001, 198.51.100.4:61000' },
    });
    const { handshake } = [...limited.app.get(Realtime, { strict: false }).listLocalSockets()].at(-1)!;
    expect(handshake.headers['x-forwarded-for']).toBe('2001:db8::7, 198.51.100.4');
    socket.close();
  });
});
