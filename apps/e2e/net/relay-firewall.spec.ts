import { expect, test } from '@playwright/test';
import { type ChildProcess, spawn } from 'node:child_process';
import { Coturn, ephemeral } from './support/coturn';
import { Lab, whyNoLab } from './support/lab';
import { type Address, TurnClient } from './support/turn-client';

const SECRET = 'quiet-harbour-lights-7';
const RELAY_PORT = 3478;
/** Just below the relay's own ports. */
const SERVICE_PORT = 49_151;
const PUBLISHED_PORT = 443;
/** Public address of a machine that itself has only a private one. */
const OUTER_ADDRESS = '26.1.2.3';

const HEAR = (port: number): string => `
const socket = require('dgram').createSocket('udp4');
socket.on('message', (text) => console.log(String(text))).bind(${port}, () => console.log('listening'));`;

const why = whyNoLab();
let lab: Lab;
let coturn: Coturn;
let service: ChildProcess;
let heard = '';
const clients: TurnClient[] = [];

test.skip(why !== undefined, why);
test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  lab = new Lab();
  coturn = new Coturn({
    secret: SECRET,
    addresses: [lab.relayAddress],
    port: RELAY_PORT,
    tlsPort: 5349,
    relayPorts: [49_152, 65_535],
    prefix: lab.inNet,
    user: lab.relayUser,
  });
  await coturn.start();
  const [command = '', ...args] = [...lab.inNet, process.execPath, '-e', HEAR(SERVICE_PORT)];
  service = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  service.stdout?.on('data', (text) => (heard += String(text)));
  await expect.poll(() => heard).toContain('listening');
});
test.afterAll(async () => {
  for (const client of clients) client.close();
  service?.kill();
  await coturn?.stop();
  lab?.close();
});

async function participant(userId: string): Promise<TurnClient> {
  const client = await TurnClient.connect('udp', lab.relayAddress, RELAY_PORT);
  clients.push(client);
  expect(await client.allocate(...ephemeral(SECRET, 600, userId))).toBe(0);
  return client;
}

/** Sends repeatedly until the effect is seen, because a datagram may get lost. */
async function sendUntil(client: TurnClient, peer: Address, text: string, hasEffect: () => boolean): Promise<void> {
  await expect
    .poll(() => {
      client.send(peer, text);
      return hasEffect();
    })
    .toBe(true);
}

async function expectDropped(client: TurnClient, peer: Address, text: string): Promise<void> {
  const before = lab.relayFirewallDrops();
  await sendUntil(client, peer, text, () => lab.relayFirewallDrops() > before);
  expect(heard).not.toContain(text);
}

test('coturn without the rule lets a participant reach other services on its own address', async () => {
  const anna = await participant('anna');
  expect(await anna.permit(lab.relayAddress)).toBe(0);
  const service = { host: lab.relayAddress, port: SERVICE_PORT };
  await sendUntil(anna, service, 'without the rule', () => heard.includes('without the rule'));
});

test('with the rule no service is reachable through the relay: by port, published port or another address', async () => {
  lab.useRelayFirewall();
  // Loading the rule again must not duplicate it.
  lab.useRelayFirewall();
  const { relayAddress } = lab;
  // Publishes a port the way Docker does.
  lab.relayRules('add', 'table', 'ip', 'published');
  lab.relayRules('add chain ip published output { type nat hook output priority -100; }');
  for (const host of [relayAddress, OUTER_ADDRESS]) {
    lab.relayRules(
      `add rule ip published output ip daddr ${host} udp dport ${PUBLISHED_PORT} redirect to :${SERVICE_PORT}`,
    );
  }
  lab.addRelayRoute(OUTER_ADDRESS);
  lab.relayRules(`add element inet webcall_turn public_addresses { ${OUTER_ADDRESS} }`);
  const anna = await participant('anna');
  for (const host of [relayAddress, OUTER_ADDRESS]) expect(await anna.permit(host)).toBe(0);
  await expectDropped(anna, { host: relayAddress, port: SERVICE_PORT }, 'by its port');
  await expectDropped(anna, { host: relayAddress, port: PUBLISHED_PORT }, 'as a published one');
  await expectDropped(anna, { host: OUTER_ADDRESS, port: PUBLISHED_PORT }, 'by another name');
  await expectDropped(anna, { host: relayAddress, port: RELAY_PORT }, 'to the relay itself');
  // Such an address must not close the allocation of another user.
  expect((await anna.refresh()).error).toBe(0);
});

test('two participants reach each other through the relay, and local programs still reach the services', async () => {
  const [anna, boris] = [await participant('anna'), await participant('boris')];
  for (const client of [anna, boris]) expect(await client.permit(lab.relayAddress)).toBe(0);
  const before = lab.relayFirewallDrops();
  await sendUntil(anna, boris.relayed!, 'hello boris', () => boris.received.includes('hello boris'));
  await sendUntil(boris, anna.relayed!, 'hello anna', () => anna.received.includes('hello anna'));
  expect(lab.relayFirewallDrops()).toBe(before);
  const [command = '', ...args] = lab.inNet;
  const say = `require('dgram').createSocket('udp4').send('from the machine', ${SERVICE_PORT}, '${lab.relayAddress}', () => process.exit())`;
  await expect
    .poll(() => {
      spawn(command, [...args, process.execPath, '-e', say]);
      return heard;
    })
    .toContain('from the machine');
});
