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
  coturn = new Coturn({ secret: SECRET, addresses, port, tlsPort, relayPorts: [42_000, 42_999] });
  await coturn.start();
});
test.afterAll(() => coturn?.stop());

/** Runs with a client that is in. */
async function allowed(family: 4 | 6, work: (client: TurnClient) => Promise<void>): Promise<void> {
  const client = await TurnClient.connect('udp', '127.0.0.1', ports.udp);
  expect(await client.allocate(...ephemeral(SECRET, 60), family)).toBe(0);
  await work(client);
  client.close();
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
      client.close();
    }
    expect(answers).toEqual({ good: 0, ended: 401, 'of another secret': 401, 'of somebody else': 401 });
  });
}

for (const [family, peers, others] of [
  [4, PRIVATE, PUBLIC],
  [6, PRIVATE_6, PUBLIC_6],
] as const) {
  test(`nothing private is a peer (IPv${family})`, async () => {
    await allowed(family, async (client) => {
      const answers = async (all: readonly string[]): Promise<[string, number][]> => {
        const told: [string, number][] = [];
        for (const peer of all) told.push([peer, await client.permit(peer)]);
        return told;
      };
      expect(await answers(peers)).toEqual(peers.map((peer) => [peer, 403]));
      expect(await answers(others)).toEqual(others.map((peer) => [peer, 0]));
    });
  });
}
