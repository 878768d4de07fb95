import { migrations } from '@webcall/migrations';
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { newDatabase, type TestDatabase } from '../support/database';
import { atMost } from '../support/faults/goals';
import { freePort, quietPort } from '../support/ports';
import { itWithRedis, startRedis } from '../support/redis';
import { RestClient } from '../support/rest';

const main = path.resolve(__dirname, '../../../../dist/apps/api/main.js');
const typeorm = path.resolve(__dirname, '../../../../node_modules/typeorm/cli.js');

let db: TestDatabase;

beforeEach(async () => {
  db = await newDatabase();
});
afterEach(() => db.drop());

const settings = (more: Record<string, string> = {}) => ({
  APP_ENV: 'test',
  HOST: '127.0.0.1',
  BCRYPT_COST: '4',
  JWT_SECRET: 'signs-the-tokens-of-integration-tests-1',
  REGISTRATION_SECRET: 'fjord-lamp-42',
  DATABASE_URL: db.url,
  ...more,
});

/** Messages of a slow start, as on a busy machine. */
const LATE = [
  /^PostgreSQL at .* \(DATABASE_URL\) has not answered yet\.$/,
  /^The database is brought up to date, here or by another process\.$/,
];

/** The lines on standard error that do not depend on the speed of the machine. */
const complaints = ({ err }: { err: string }): string[] =>
  err.split('\n').filter((line) => line && !LATE.some((late) => late.test(line)));

/** Starts the built API and collects what it writes. */
const start = (env: Record<string, string>, output?: number) => {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', output ?? 'pipe', 'pipe'],
  });
  const written = { out: '', err: '' };
  child.stdout?.on('data', (text: Buffer) => (written.out += text.toString()));
  child.stderr?.on('data', (text: Buffer) => (written.err += text.toString()));
  const exit = once(child, 'close').then(([code]) => code as number | null);
  const until = async (condition: () => boolean | Promise<boolean>) => {
    while (!(await condition())) {
      if (child.exitCode !== null) throw new Error(`it ended: ${written.err}`);
      await delay(50);
    }
  };
  const ready = async (port: number) => {
    const url = `http://127.0.0.1:${port}`;
    await until(() =>
      fetch(`${url}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      ),
    );
    return url;
  };
  return { child, written, exit, until, ready };
};

it('names every wrong setting in a sentence, and exits with 1', async () => {
  const { exit, written } = start({ PORT: 'http', JWT_SECRET: 'short' });
  expect(await exit).toBe(1);
  expect(complaints(written)).toEqual([
    'WebCall cannot start with these settings:',
    expect.stringMatching(/^- PORT .*\.$/),
    expect.stringMatching(/^- REGISTRATION_SECRET is missing.*\.$/),
    expect.stringMatching(/^- DATABASE_URL is missing.*\.$/),
    expect.stringMatching(/^- JWT_SECRET is too short.*\.$/),
  ]);
});

it('says in one sentence that the database cannot be reached, without its password', async () => {
  const { exit, written } = start(
    settings({ DATABASE_URL: `postgres://webcall:sesame@127.0.0.1:${await freePort()}/x` }),
  );
  expect(await exit).toBe(1);
  expect(complaints(written)).toEqual([
    expect.stringMatching(/^The database in DATABASE_URL cannot be reached: .*\.$/),
  ]);
  expect(written.err).not.toContain('sesame');
});

it('says in one sentence that the jobs in the database belong to a newer version', async () => {
  await db.query('CREATE SCHEMA jobs; CREATE TABLE jobs.version AS SELECT 1000 AS version');
  const { exit, written } = start(settings({ PORT: String(await freePort()) }));
  expect(await exit).toBe(1);
  expect(complaints(written)).toEqual([
    expect.stringMatching(/^The jobs in the database have version 1000, which is newer than this WebCall: .*\.$/),
  ]);
});

itWithRedis('says soon that Redis cannot be reached, and starts when it is there', async () => {
  const [port, redisPort] = [await freePort(), await quietPort()];
  const { child, exit, until, ready, written } = start(
    settings({ PORT: String(port), REDIS_URL: `redis://127.0.0.1:${redisPort}` }),
  );
  await until(() => complaints(written).length > 0);
  expect(complaints(written)).toEqual([
    expect.stringMatching(
      `^Redis at 127\\.0\\.0\\.1:${redisPort} \\(REDIS_URL\\) cannot be reached: .*ECONNREFUSED.*goes on trying\\.$`,
    ),
  ]);
  const redis = await startRedis(redisPort);
  await ready(port);
  expect(complaints(written)).toHaveLength(1);
  child.kill('SIGTERM');
  expect(await exit).toBe(0);
  await redis.stop();
});

it.each(['REDIS_URL', 'DATABASE_URL'])(
  'says soon what the server of %s, which accepts and says nothing, is waited for',
  async (name) => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const scheme = name === 'REDIS_URL' ? 'redis' : 'postgres';
    const { child, exit, until, written } = start(
      settings({ [name]: `${scheme}://webcall:sesame@127.0.0.1:${port}/1` }),
    );
    await until(() => written.err.includes(`127.0.0.1:${port} (${name})`));
    expect(written.err).not.toContain('sesame');
    child.kill('SIGKILL');
    await exit;
    silent.close();
  },
);

it('says in one sentence that the port is in use', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  const { exit, written } = start(settings({ PORT: String(port) }));
  expect(await exit).toBe(1);
  expect(complaints(written)).toEqual([`WebCall cannot listen on 127.0.0.1:${port}: the port is in use.`]);
  taken.close();
});

describe('four at once on an empty database', () => {
  const cli = (command: string) => {
    const args = [typeorm, `migration:${command}`, '-d', path.resolve(main, '../data-source.js')];
    const child = spawn(process.execPath, args, { env: { PATH: process.env['PATH'], DATABASE_URL: db.url } });
    let written = '';
    child.stdout.on('data', (text: Buffer) => (written += text.toString()));
    child.stderr.on('data', (text: Buffer) => (written += text.toString()));
    return once(child, 'close').then(([code]) => ({ code: code as number, written }));
  };
  const server = async (): Promise<void> => {
    const port = await freePort();
    const { child, exit, ready } = start(settings({ PORT: String(port) }));
    await ready(port);
    child.kill('SIGTERM');
    expect(await exit).toBe(0);
  };
  const run = async (): Promise<void> => {
    const { code, written } = await cli('run');
    expect([code, written]).toEqual([0, expect.not.stringContaining('Error')]);
  };
  /** Its exit code is not checked: it depends on whether migrations were pending. */
  const show = async (): Promise<void> => expect((await cli('show')).written).not.toContain('Error');

  it.each([
    ['servers', () => [server, server, server, server]],
    ['command lines', () => [run, run, run, run]],
    ['both', () => [server, run, run, server]],
    ['command lines, two of them read-only', () => [run, show, run, show]],
  ])(
    '%s: each migration runs once',
    async (_, all) => {
      await Promise.all(all().map((one) => one()));
      const rows = await db.query<{ name: string }>('SELECT name FROM migrations');
      expect(rows).toHaveLength(migrations.length);
      expect(new Set(rows.map(({ name }) => name)).size).toBe(migrations.length);
    },
    240_000,
  );
});

it('stops soon even with connections that are silent or stop in the middle', async () => {
  const port = await freePort();
  const { child, exit, ready } = start(settings({ PORT: String(port) }));
  await ready(port);
  const open = ['', 'GET /', 'POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{'].map(
    (said) => {
      const connection = connect(port, '127.0.0.1');
      connection.on('error', () => undefined);
      connection.write(said);
      return connection;
    },
  );
  const nameless = new WebSocket(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`);
  await Promise.all([...open.map((connection) => once(connection, 'connect')), once(nameless, 'message')]);
  const asked = performance.now();
  child.kill('SIGTERM');
  expect(await exit).toBe(0);
  expect(performance.now() - asked).toBeLessThan(atMost(12_000));
});

(process.platform === 'linux' ? it : it.skip)('goes on when its log cannot be written, and says so once', async () => {
  const port = await freePort();
  const full = openSync('/dev/full', 'w');
  const { child, exit, ready, written } = start(settings({ PORT: String(port) }), full);
  const client = new RestClient(await ready(port));
  for (let i = 0; i < 3; i++) expect((await client.request('GET /rooms')).status).toBe(401);
  expect(complaints(written)).toEqual([expect.stringMatching(/^The log cannot be written for now: ENOSPC/)]);
  child.kill('SIGTERM');
  expect(await exit).toBe(0);
  closeSync(full);
});

it('shuts down when the parent process with a channel to it has ended', async () => {
  const port = await freePort();
  const child = fork(main, { env: { PATH: process.env['PATH'], ...settings({ PORT: String(port) }) }, silent: true });
  while (
    !(await fetch(`http://127.0.0.1:${port}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    ))
  )
    await delay(50);
  child.disconnect();
  expect(await once(child, 'exit')).toEqual([0, null]);
});

it('logs no personal data of a sign-up that the database refuses', async () => {
  const port = await freePort();
  const { child, exit, ready, written } = start(settings({ PORT: String(port) }));
  const url = await ready(port);
  const account = {
    username: 'anna',
    email: 'sesame@example.org',
    password: 'correct horse',
    registrationCode: 'fjord-lamp-42',
  };
  const answers = await Promise.all(
    ['anna', 'berta', 'clara', 'dora'].map((username) =>
      new RestClient(url).request('POST /auth/register', { body: { ...account, username } }),
    ),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
  await db.query('ALTER TABLE users ADD CONSTRAINT none CHECK (email IS NULL) NOT VALID');
  const failed = await new RestClient(url).request('POST /auth/register', {
    body: {
      ...account,
      username: 'emil',
      email: 'sesame2@example.org',
    },
  });
  expect(failed.status).toBe(500);
  child.kill('SIGTERM');
  await exit;
  expect(written.out).toContain('a request failed');
  expect(written.out + written.err).not.toContain('sesame');
});

it('logs requests as JSON by route template, without request data', async () => {
  const port = await freePort();
  const { child, exit, ready, written } = start(settings({ PORT: String(port) }));
  const client = new RestClient(await ready(port));
  const account = { username: 'sesame-anna', email: 'sesame@example.org', password: 'paper boats of sesame' };
  const { body } = await client.request('POST /auth/register', {
    body: { ...account, registrationCode: 'fjord-lamp-42' },
  });
  client.token = body.accessToken;
  await client.request('GET /invitations/:code', { code: 'sesame-invitation' });
  await client.send('GET', '/join/sesame-invitation');
  await client.send('GET', '/api/v1/rooms?token=sesame');
  await client.send('POST', '/api/v1/auth/login', '{"sesame":');
  await client.send('GET', '/api/v1/auth/me', undefined, { 'x-request-id': 'trace-0198c0de' });
  child.kill('SIGTERM');
  await exit;
  const lines = written.out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines.find(({ requestId }) => requestId === 'trace-0198c0de')).toMatchObject({
    level: 'info',
    time: expect.any(String),
    userId: body.user.id,
    method: 'GET',
    route: '/api/v1/auth/me',
    status: 200,
    ms: expect.any(Number),
  });
  expect(lines.filter(({ msg }) => msg === 'request answered').length).toBeGreaterThanOrEqual(6);
  for (const secret of ['sesame', body.accessToken, client.cookie, 'fjord-lamp'])
    expect(written.out).not.toContain(secret);
  expect(complaints(written)).toEqual([]);
});
