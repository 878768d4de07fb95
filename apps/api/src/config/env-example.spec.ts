import { readFileSync } from 'node:fs';
import path from 'node:path';
import { loadAppConfig } from './load-config';
import { ConfigError } from './settings-reader';

const root = path.resolve(__dirname, '../../../..');
const text = readFileSync(path.join(root, '.env.example'), 'utf8');
const compose = readFileSync(path.join(root, 'docker-compose.yml'), 'utf8');
const example = Object.fromEntries(text.split('\n').flatMap((line) => [/^([A-Z_]+)=(.*)$/.exec(line)?.slice(1) ?? []]));

/** Names of all settings that the server reads. */
const settings = new Set<string>();
try {
  loadAppConfig(new Proxy({}, { get: (_, name) => void settings.add(String(name)) }));
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
}

it('reads many settings', () => expect(settings.size).toBeGreaterThan(15));

it.each([...settings])('.env.example has %s, with a comment', (name) => {
  expect(example).toHaveProperty(name);
  const [, comment] = new RegExp(`^# (.*)\\n(?:[A-Z_]+=.*\\n)*?${name}=`, 'm').exec(text) ?? [];
  expect(comment?.length).toBeGreaterThan(20);
});

it('contains no secret, so that the server refuses to start with it unchanged', () => {
  for (const name of Object.keys(example)) if (/SECRET|PASSWORD|TOKEN/.test(name)) expect(example[name]).toBe('');
  expect(() => loadAppConfig({ ...example })).toThrow(/JWT_SECRET is missing[\s\S]*REGISTRATION_SECRET is missing/);
});

it('contains the default values', () => {
  const needed = {
    JWT_SECRET: 'signs-the-tokens-of-this-very-test-only',
    REGISTRATION_SECRET: 'fjord-lamp-42',
    DATABASE_URL: 'postgres://localhost/webcall',
  };
  expect(loadAppConfig({ ...example, ...needed })).toEqual(loadAppConfig(needed));
});

it.each([...settings].filter((name) => !['HOST', 'PORT', 'WEB_ROOT'].includes(name)))(
  'docker-compose.yml passes %s to the server',
  (name) => expect(compose).toMatch(new RegExp(`^      ${name}: `, 'm')),
);

it.each([...new Set(compose.match(/(?<=\$\{)[A-Z_]+/g))])(
  '%s, which docker-compose.yml uses, is in .env.example',
  (name) => expect(example).toHaveProperty(name),
);
