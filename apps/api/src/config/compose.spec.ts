import { readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(__dirname, '../../../..');
const read = (name: string): string => readFileSync(path.join(root, name), 'utf8');
const compose = read('docker-compose.yml');
const part = (text: string, name: string): string =>
  new RegExp(`^${name}:.*\\n((?: .*\\n|\\n)+)`, 'm').exec(text)?.[1] ?? '';
const services = part(compose, 'services')
  .split(/^ {2}(?=\w+:\n)/m)
  .flatMap((text) => {
    const name = /^(\w+):\n/.exec(text)?.[1];
    return name ? [[name, text] as const] : [];
  });

it('has the expected services', () => {
  expect(services.map(([name]) => name)).toEqual(['proxy', 'migrations', 'api', 'postgres', 'redis', 'coturn']);
});

it.each(services)('%s has only the rights that it lists, and limits on resources', (_, service) => {
  const hardened = part(compose, 'x-hardened');
  for (const line of ['cap_drop: [ALL]', "security_opt: ['no-new-privileges:true']", 'read_only: true']) {
    expect(hardened).toContain(line);
  }
  expect(hardened).toMatch(/pids_limit: \d+/);
  expect(service).toContain('    <<: *hardened\n');
  expect(service).toMatch(/^ {4}mem_limit: \d+[mg]$/m);
  expect(service).not.toMatch(/privileged|cap_add: (?!\[NET_BIND_SERVICE\])|read_only: false|\/var\/run\/docker\.sock/);
});

it.each(services)('%s runs an image that is built here or pinned by its digest', (_, service) => {
  expect(service).toMatch(/^ {4}image: (&image webcall|\*image|[\w./-]+:[\w.-]+@sha256:[\da-f]{64})$/m);
});

it('is built from images that are pinned by their digest', () => {
  const bases = read('deploy/docker/Dockerfile').match(/^FROM .*/gm) ?? [];
  expect(bases.length).toBeGreaterThan(0);
  for (const base of bases) expect(base).toMatch(/^FROM node:[\w.-]+@sha256:[\da-f]{64}( AS \w+)?$/);
});

it.each(services)('%s has no secret on its command line, which every user of the machine can read', (_, service) => {
  const block = part(service.replace(/^ {4}/gm, ''), 'command');
  const line = /^ {4}command: .*/m.exec(service)?.[0] ?? '';
  expect(line + block).not.toMatch(/(?<!\$)\$\{\w*(SECRET|PASSWORD|TOKEN)/);
});

it('requires a password for Redis', () => {
  const [, redis = ''] = services.find(([name]) => name === 'redis') ?? [];
  expect(redis).toContain('requirepass $$REDISCLI_AUTH');
  expect(redis).toMatch(/REDISCLI_AUTH: \$\{REDIS_PASSWORD:\?/);
  expect(compose).toMatch(/REDIS_URL: redis:\/\/:\$\{REDIS_PASSWORD:\?[^}]+\}@redis:6379/);
});
