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
  // A nonce that soon wants to be renewed: whoever refreshes is asked again who they are.
  coturn = new Coturn({ secret: SECRET, addresses, port, tlsPort, relayPorts, more: ['--stale-nonce=1'] });
  await coturn.start();
});
test.afterAll(() => coturn?.stop());

/** Gives its allocation back: coturn would keep it, and refuse another client that comes from the same port. */
async function leave(client: TurnClient): Promise<void> {
  await client.refresh(0);
  client.close();
}

/** Runs with a client that is in. */
async function allowed(family: 4 | 6, work: (client: TurnClient) => Promise<void>): Promise<void> {
  const client = await TurnClient.connect('udp', '127.0.0.1', ports.udp);
  expect(await client.allocate(...ephemeral(SECRET, 60), { family })).toBe(0);
  await work(client);
  await leave(client);
}

for (const way of WAYS) {
  test(`credentials that the server makes open TURN over ${way}, others do not`, async () => {
    const answers: Record<string, number> = {};
    for (const [whose, username, password] of [
      ['good', ...ephemeral(SECRET, 60)],
      ['ended', ...ephemeral(SECRET, -5)],
      ['of another secret', ...ephemeral('some-other-secret', 60)],
      ['of somebody else', `${ephemeral(SECRET, 60)[0]}x`, ephemeral(SECRET, 60)[1]],
    ] as const) {
      const client = await TurnClient.connect(way, '127.0.0.1', ports[way]);
      answers[whose] = await client.allocate(username, password);
      expect(client.software, 'tells nobody what it is').toBeUndefined();
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
    test(`nothing private is a peer (IPv${family}, ${how === 'permit' ? 'permission' : 'channel'})`, async () => {
      await allowed(family, async (client) => {
        const answers = async (all: readonly string[]): Promise<[string, number][]> => {
          const told: [string, number][] = [];
          for (const peer of all) told.push([peer, await client[how](peer)]);
          return told;
        };
        expect(await answers(peers)).toEqual(peers.map((peer) => [peer, 403]));
        expect(await answers(others)).toEqual(others.map((peer) => [peer, 0]));
      });
    });
  }
}

test('an allocation of IPv4 has no peer of IPv6, also none that wraps an address of IPv4', async () => {
  await allowed(4, async (client) => {
    for (const peer of ['::ffff:8.8.8.8', '::ffff:10.0.0.1', '64:ff9b::10.0.0.1', PUBLIC_6[0]!]) {
      expect([peer, await client.permit(peer), await client.bind(peer)]).toEqual([peer, 443, 443]);
    }
  });
});

for (const way of ['tcp', 'tls'] as const) {
  test(`nobody gets a relay of TCP over ${way}, nor a TCP connection to anywhere`, async () => {
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

test('an allocation is of whom it was made for, in the realm it was made in', async () => {
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

// What SECURITY.md says of it: coturn asks for credentials that are still good when an allocation is made, and then no more.
test('credentials that have ended make no allocation; one that is there lasts ten minutes from each refresh', async () => {
  const credentials = ephemeral(SECRET, 10);
  const before = await TurnClient.connect('udp', '127.0.0.1', ports.udp);
  expect(await before.allocate(...credentials)).toBe(0);
  const later = async (): Promise<number> => {
    const client = await TurnClient.connect('udp', '127.0.0.1', ports.udp);
    const error = await client.allocate(...credentials);
    await leave(client);
    return error;
  };
  await expect.poll(later, { timeout: 60_000 }).toBe(401);
  const renewals = before.renewals;
  await expect
    .poll(async () => ((await before.refresh(86_400)).lifetime === 600 ? before.renewals : -1), { timeout: 60_000 })
    .toBeGreaterThan(renewals);
  // Newer credentials are for a new allocation.
  const [username, password] = ephemeral(SECRET, 60);
  before.pretend({ username, password });
  expect((await before.refresh()).error).toBe(441);
  before.close();
});
