import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { newDatabase } from '../support/database';
import { freePort } from '../support/ports';
import { rest } from '../support/rest';
import { newGuest, newRoom, newUser, type TestUser } from '../support/test-app';
import { useServer } from '../support/use-server';

const command = path.resolve(__dirname, '../../../../dist/apps/api/reset-link.js');

const server = useServer();
let anna: TestUser;

beforeAll(async () => {
  anna = await newUser(server, 'anna');
});

/** Runs the built command (`npm run build:api`) with a minimal environment. */
const run = async (names: string[], env: Record<string, string> = {}) => {
  const child = spawn(process.execPath, [command, ...names], {
    env: { PATH: process.env['PATH'], DATABASE_URL: server.db.url, ...env },
  });
  const written = { out: '', err: '' };
  child.stdout.on('data', (text: Buffer) => (written.out += text.toString()));
  child.stderr.on('data', (text: Buffer) => (written.err += text.toString()));
  const [code] = (await once(child, 'close')) as [number];
  return { code, ...written };
};

const linkIn = (text: string): string => /^ {2}(\S+)$/m.exec(text)?.[1] ?? '';
const reset = (link: string) =>
  rest(server.url).request('POST /auth/reset-password', {
    body: { token: link.split('#token=')[1]!, newPassword: 'staple of the sea' },
  });

const NAMED: [string, () => string][] = [
  ['username', () => anna.username],
  ['username in capitals', () => anna.username.toUpperCase()],
  ['e-mail', () => anna.email],
  ['e-mail in another spelling', () => `${anna.email.toUpperCase().replace('@', '＠')}.`],
];

it.each(NAMED)('prints a link that works, for a user by %s', async (_, name) => {
  const { code, out, err } = await run([name()], { PUBLIC_URL: 'https://call.example.org/' });
  expect([code, err]).toEqual([0, '']);
  expect(out).toContain(anna.username);
  const link = linkIn(out);
  // The token is in the fragment, which never reaches a server or a log.
  expect(link).toMatch(/^https:\/\/call\.example\.org\/reset-password#token=[\w-]{43}$/);
  expect((await reset(link)).status).toBe(204);
});

it('prints a path and names the missing setting when it does not know the address of the site', async () => {
  const { code, out } = await run([anna.username]);
  expect(code).toBe(0);
  expect(linkIn(out)).toMatch(/^\/reset-password#token=/);
  expect(out).toContain('PUBLIC_URL');
});

it('voids the previous link', async () => {
  const [first, second] = [await run([anna.username]), await run([anna.username])];
  expect((await reset(linkIn(first.out))).body.error.code).toBe('reset_link_invalid');
  expect((await reset(linkIn(second.out))).status).toBe(204);
});

describe('says plainly in a sentence, and prints no link,', () => {
  it.each([
    ['that there is no such user', ['nobody'], /^There is no user .* nobody\.$/],
    ['that there is no such e-mail', ['nobody@example.org'], /^There is no user .* nobody@example\.org\.$/],
    ['that it needs a name', [], /^Name one user/],
    ['that it needs a name that is not empty', [' '], /^Name one user/],
    ['that each link is for one', ['anna', 'boris'], /^Name one user/],
    ['that nothing is a pattern', ['%'], /^There is no user/],
    ['that nothing is an option', ['--all'], /^There is no user/],
  ])('%s', async (_, names, sentence) => {
    const { code, out, err } = await run(names);
    expect([code, out]).toEqual([1, '']);
    expect(err.trim()).toMatch(sentence);
  });

  it('that a guest has no password', async () => {
    const host = await newUser(server);
    await newGuest(host, (await newRoom(host)).id, 'Uncle Vanya');
    expect(await run(['Uncle Vanya'])).toEqual({
      code: 1,
      out: '',
      err: expect.stringMatching(/^Uncle Vanya is a guest\..*\n$/),
    });
  });

  it('that a setting is missing or wrong', async () => {
    const { code, err } = await run([anna.username], { DATABASE_URL: '', PUBLIC_URL: 'call.example.org' });
    expect([code, err.trim().split('\n')]).toEqual([
      1,
      [expect.stringMatching(/^DATABASE_URL is missing/), expect.stringMatching(/^PUBLIC_URL must be/)],
    ]);
  });

  it('that the database cannot be reached, without its password', async () => {
    const { code, err } = await run([anna.username], {
      DATABASE_URL: `postgres://webcall:sesame@127.0.0.1:${await freePort()}/x`,
    });
    expect([code, err.trim()]).toEqual([
      1,
      expect.stringMatching(/^The database in DATABASE_URL cannot be reached: .*\.$/),
    ]);
    expect(err).not.toContain('sesame');
  });

  it('that the database has not been set up yet', async () => {
    const empty = await newDatabase();
    const { code, err } = await run([anna.username], { DATABASE_URL: empty.url });
    await empty.drop();
    expect([code, err.trim()]).toEqual([1, expect.stringMatching(/^The database is not up to date/)]);
  });
});
