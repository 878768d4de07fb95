import { expect, test } from '@playwright/test';
import { Coturn, ephemeral, hasCoturn } from './support/coturn';
import { freePort } from './support/ports';
import { TurnClient, type Way } from './support/turn-client';

const SECRET = 'quiet-harbour-lights-7';
const WAYS: readonly Way[] = ['udp', 'tcp', 'tls'];

const PRIVATE = [
  ...['0.0.0.0', '10.0.0.1', '10.255.255.254', '100.64.0.1', '100.127.255.254', '127.0.0.1', '127.1.2.3'],
  ...['169.254.169.254', '172.16.0.1', '172.31.255.254', '192.0.0.1', '192.168.0.1', '192.168.255.254'],
  ...['198.18.0.1', '198.19.255.254', '224.0.0.1', '239.255.255.250', '240.0.0.1', '255.255.255.255'],
];
const PRIVATE_6 = [
  ...['::', '::1', '::ffff:10.0.0.1', '::ffff:127.0.0.1', '::ffff:192.168.1.1', '64:ff9b::10.0.0.1', '100::1'],
  ...['2001::1', '2001:db8::1', '2002:a00:1::1', 'fc00::1', 'fd00:1234::1', 'fe80::1', 'febf::1', 'fec0::1'],
  ...['ff02::1', 'ff0e::1'],
];
const PUBLIC = ['8.8.8.8', '9.255.255.255', '11.0.0.1', '100.63.255.254', '100.128.0.1', '172.15.0.1', '172.32.0.1'];
const PUBLIC_6 = ['2001:4860:4860::8888', '2606:4700::1111', '2a00:1450::1'];

let coturn: Coturn | undefined;
let ports: Record<Way, number>;

test.skip(!hasCoturn(), 'there is no coturn');
test.beforeAll(async () => {
  const [port, tlsPort] = [await freePort(), await freePort()];
  ports = { udp: port, tcp: port, tls: tlsPort };
  const addresses = ['127.0.0.1', '::1'];
  const relayPorts = [42_000, 42_999] as const;
  // The nonce expires fast, so that a refresh must sign in again.
  coturn = new Coturn({ secret: SECRET, addresses, port, tlsPort, relayPorts, more: ['--stale-nonce=1'] });
  await coturn.start();
});
test.afterAll(() => coturn?.stop());

/** Releases the allocation: otherwise coturn would refuse another client from the same port. */
async function leave(client: TurnClient): Promise<void> {
  await client.refresh(0);
  client.close();
}

/** Runs work with a client that has an allocation. */
async function withAllocation(family: 4 | 6, work: (client: TurnClient) => Promise<void>): Promise<void> {
  const client = await TurnClient.connect('udp', '127.0.0.1', ports.udp);
  expect(await client.allocate(...ephemeral(SECRET, 60), { family })).toBe(0);
  await work(client);
  await leave(client);
}

for (const way of WAYS) {
  test(`TURN over ${way} accepts valid credentials only`, async () => {
    const answers: Record<string, number> = {};
    for (const [whose, username, password] of [
      ['good', ...ephemeral(SECRET, 60)],
      ['ended', ...ephemeral(SECRET, -5)],
      ['of another secret', ...ephemeral('some-other-secret', 60)],
      ['of somebody else', `${ephemeral(SECRET, 60)[0]}x`, ephemeral(SECRET, 60)[1]],
    ] as const) {
      const client = await TurnClient.connect(way, '127.0.0.1', ports[way]);
      answers[whose] = await client.allocate(username, password);
      expect(client.software, 'does not reveal its software').toBeUndefined();
      await leave(client);
    }
    expect(answers).toEqual({ good: 0, ended: 401, 'of another secret': 401, 'of somebody else': 401 });
  });
}

for (const [family, peers, others] of [
  [4, PRIVATE, PUBLIC],
  [6, PRIVATE_6, PUBLIC_6],
] as const) {
  for (const how of ['permit', 'bind'] as const) {
    test(`no private address can be a peer (IPv${family}, ${how === 'permit' ? 'permission' : 'channel'})`, async () => {
      await withAllocation(family, async (client) => {
        const answers = async (all: readonly string[]): Promise<[string, number][]> => {
          const results: [string, number][] = [];
          for (const peer of all) results.push([peer, await client[how](peer)]);
          return results;
        };
        expect(await answers(peers)).toEqual(peers.map((peer) => [peer, 403]));
        expect(await answers(others)).toEqual(others.map((peer) => [peer, 0]));
      });
    });
  }
}

test('an IPv4 allocation has no IPv6 peers, not even mapped IPv4 addresses', async () => {
  await withAllocation(4, async (client) => {
    for (const peer of ['::ffff:8.8.8.8', '::ffff:10.0.0.1', '64:ff9b::10.0.0.1', PUBLIC_6[0]!]) {
      expect([peer, await client.permit(peer), await client.bind(peer)]).toEqual([peer, 443, 443]);
    }
  });
});

for (const way of ['tcp', 'tls'] as const) {
  test(`TCP relaying over ${way} is refused, and so are TCP connections`, async () => {
    const client = await TurnClient.connect(way, '127.0.0.1', ports[way]);
    expect(await client.allocate(...ephemeral(SECRET, 60), { transport: 'tcp' })).toBe(442);
    expect(await client.connectTcp({ host: '8.8.8.8', port: 25 })).not.toBe(0);
    client.close();
    const other = await TurnClient.connect(way, '127.0.0.1', ports[way]);
    expect(await other.allocate(...ephemeral(SECRET, 60))).toBe(0);
    for (const host of ['8.8.8.8', '127.0.0.1', '10.0.0.1']) {
      expect(await other.connectTcp({ host, port: 25 })).toBe(403);
    }
    other.close();
  });
}

test('an allocation belongs to its user and realm', async () => {
  const [username, password] = ephemeral(SECRET, 60);
  const client = await TurnClient.connect('udp', '127.0.0.1', ports.udp);
  expect(await client.allocate(username, password)).toBe(0);
  const [otherName, otherPassword] = ephemeral(SECRET, 60, 'boris');
  client.pretend({ username: otherName, password: otherPassword });
  expect([(await client.refresh()).error, await client.permit('8.8.8.8'), await client.bind('8.8.8.8')]).toEqual([
    441, 441, 441,
  ]);
  client.pretend({ username, password, realm: 'elsewhere' });
  expect((await client.refresh()).error).toBe(441);
  client.pretend({ realm: 'webcall', password: otherPassword });
  expect((await client.refresh()).error).toBe(401);
  client.pretend({ password });
  expect((await client.refresh()).error).toBe(0);
  await leave(client);
});

// See SECURITY.md: coturn checks the expiry of credentials only when an allocation is created.
test('expired credentials create no allocation; an existing one lasts ten minutes from each refresh', async () => {
  const credentials = ephemeral(SECRET, 10);
  const holder = await TurnClient.connect('udp', '127.0.0.1', ports.udp);
  expect(await holder.allocate(...credentials)).toBe(0);
  const later = async (): Promise<number> => {
    const client = await TurnClient.connect('udp', '127.0.0.1', ports.udp);
    const error = await client.allocate(...credentials);
    await leave(client);
    return error;
  };
  await expect.poll(later, { timeout: 60_000 }).toBe(401);
  const renewals = holder.renewals;
  await expect
    .poll(async () => ((await holder.refresh(86_400)).lifetime === 600 ? holder.renewals : -1), { timeout: 60_000 })
    .toBeGreaterThan(renewals);
  // Newer credentials need a new allocation.
  const [username, password] = ephemeral(SECRET, 60);
  holder.pretend({ username, password });
  expect((await holder.refresh()).error).toBe(441);
  holder.close();
});
