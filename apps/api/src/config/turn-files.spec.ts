import { readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(__dirname, '../../../..');
const read = (name: string): string => readFileSync(path.join(root, name), 'utf8');
const conf = read('turnserver.conf');
const firewall = read('deploy/turn/relay-ports-only.nft');
const settings = new Map(
  conf.split('\n').flatMap((line) => {
    const [, key, value] = /^([\w-]+)(?:=(.*))?$/.exec(line) ?? [];
    return key ? [[key, value ?? ''] as const] : [];
  }),
);

it('opens the same relay ports in the firewall as coturn uses', () => {
  const ports = `${settings.get('min-port')}-${settings.get('max-port')}`;
  expect(firewall).toContain(`define relay_ports = ${ports}\n`);
});

it('names in the firewall the user that docker-compose.yml runs coturn as', () => {
  const [, user] = /^define turn_user = (\d+)$/m.exec(firewall) ?? [];
  const coturn = read('docker-compose.yml')
    .split(/^ {2}(?=\w)/m)
    .find((part) => part.startsWith('coturn:'));
  expect(coturn).toContain(`user: '${user}:${user}'`);
});

it.each(['no-tcp-relay', 'no-multicast-peers', 'no-cli', 'use-auth-secret'])('coturn has %s', (name) => {
  expect(settings.get(name)).toBe('');
});

// Mobility would let an allocation move to other addresses; loopback peers are for tests of coturn.
it.each(['mobility', 'allow-loopback-peers', 'server-relay', 'no-auth'])('coturn has no %s', (name) => {
  expect(settings.has(name)).toBe(false);
});
