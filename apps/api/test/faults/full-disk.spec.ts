import Redis from 'ioredis';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { newDatabase } from '../support/database';
import { isAlive, Launcher, openFolder, until } from '../support/faults/launcher';
import { describeWithSmallDisk, SmallDisk } from '../support/faults/small-disk';
import { freePort } from '../support/ports';
import { itWithRedis } from '../support/redis';
import { RestClient } from '../support/rest';
import { TestSocket } from '../support/sockets';
import { newRoom, newUser, startApp } from '../support/test-app';

jest.setTimeout(240_000);

const password = 'correct horse battery';

/** The status of a response, and the code of a refusal. */
const answer = async (ask: Promise<{ status: number; body: { error?: { code: string } } }>): Promise<unknown[]> => {
  const { status, body } = await ask;
  return [status, body?.error?.code];
};
const unavailable = [503, 'unavailable'];

/** Runs until it fails, and never returns. */
async function repeat(work: () => Promise<unknown>): Promise<never> {
  for (;;) await work();
}

describeWithSmallDisk('a full disk', () => {
  let disk: SmallDisk;
  let launcher: Launcher;
  let rest: RestClient;

  beforeAll(async () => {
    disk = new SmallDisk(160);
    launcher = await Launcher.start(path.join(disk.folder, 'data'));
    rest = new RestClient(launcher.url);
    const account = { username: 'anna', email: 'anna@example.org', password, registrationCode: launcher.code };
    rest.token = (await rest.request('POST /auth/register', { body: account })).body.accessToken;
  });
  afterAll(async () => {
    disk.free();
    await launcher.stop();
    disk.remove();
  });

  it('refuses writes as unavailable, reports it once and in /readyz, and recovers with free space', async () => {
    disk.fill();
    const codes = new Set<unknown>();
    // Until the existing pages are full.
    do
      codes.add(
        (await rest.request('POST /rooms', { body: { name: randomBytes(30).toString('hex'), visibility: 'private' } }))
          .body?.error?.code,
      );
    while (!codes.has('unavailable'));
    expect([...codes].filter((code) => code !== undefined)).toEqual(['unavailable']);
    // The result of a database check is cached for a second.
    await until(async () => (await rest.send('GET', '/readyz')).status === 503);
    expect((await rest.send('GET', '/readyz')).body.error.details).toEqual({ database: 'cannot write' });
    expect(await answer(rest.request('GET /rooms'))).toEqual([200, undefined]);
    expect((await rest.send('GET', '/healthz')).status).toBe(200);
    // Until the last page of the log is full.
    await until(async () => {
      await rest.request('GET /rooms');
      return launcher.written.includes('cannot be written for now: ENOSPC');
    });
    await rest.request('GET /rooms');
    expect(launcher.written.match(/cannot be written for now/g)).toHaveLength(1);
    disk.free();
    await until(() => launcher.serves());
    expect(await answer(rest.request('POST /rooms', { body: { name: 'again', visibility: 'private' } }))).toEqual([
      201,
      undefined,
    ]);
    expect(launcher.written).toContain('is written again.');
    expect(readFileSync(path.join(launcher.data, 'webcall.log'), 'utf8')).toContain(
      'the database accepts writes again',
    );
  });

  it('a database that cannot start for lack of space is started as soon as there is some', async () => {
    disk.fill();
    process.kill(launcher.postmaster, 'SIGKILL');
    await until(async () => !(await launcher.serves()));
    expect(await answer(rest.request('GET /rooms'))).toEqual(unavailable);
    await until(() => launcher.written.includes('The database stopped by itself'));
    disk.free();
    await until(() => launcher.serves());
    expect((await rest.request('GET /rooms')).body.rooms).not.toEqual([]);
  });

  it('killing the launcher on a full disk ends its API and its database', async () => {
    disk.fill();
    const { postmaster } = launcher;
    await launcher.kill();
    await until(() => !isAlive(postmaster));
    disk.free();
    launcher = await Launcher.start(launcher.data);
    const login = new RestClient(launcher.url).request('POST /auth/login', {
      body: { email: 'anna@example.org', password },
    });
    expect(await answer(login)).toEqual([200, undefined]);
    expect(await launcher.stop()).toBe(0);
  });

  itWithRedis('Redis that cannot write its log is unavailable, until there is space', async () => {
    const port = await freePort();
    const folder = path.join(disk.folder, 'redis');
    mkdirSync(folder);
    const options = [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--dir',
      folder,
      '--save',
      '',
      '--appendonly',
      'yes',
    ];
    const redis = spawn(process.env['REDIS_SERVER'] ?? 'redis-server', options, { stdio: 'ignore' });
    const client = new Redis(port);
    try {
      const app = await startApp({ redis: `redis://127.0.0.1:${port}` });
      const user = await newUser(app);
      const socket = await TestSocket.connect(app.url, user.rest.token);
      const { id: roomId } = await newRoom(user);
      disk.fill();
      // Redis refuses writes from the first one on that it could not log.
      await expect(repeat(() => client.set('ballast', 'x'.repeat(10_000)))).rejects.toThrow(/^MISCONF/);
      expect(await socket.refusal('call:join', { roomId })).toBe('unavailable');
      // Requests that need no Redis still work.
      expect(await answer(user.rest.request('POST /auth/login', { body: user }))).toEqual([200, undefined]);
      disk.free();
      await until(() =>
        client.set('ballast', '').then(
          () => true,
          () => false,
        ),
      );
      await socket.ask('call:join', { roomId });
      await client.config('SET', 'maxmemory', '1');
      expect(await socket.refusal('call:update', { media: { camera: true } })).toBe('unavailable');
      await client.config('SET', 'maxmemory', '0');
      await socket.ask('call:update', { media: { camera: true } });
      socket.close();
      await app.close();
    } finally {
      client.disconnect();
      redis.kill();
      await once(redis, 'exit');
    }
  });
});

const describeOnLinux = process.platform === 'linux' ? describe : describe.skip;

describeOnLinux('a log that cannot be written', () => {
  it('is reported once by the launcher, which goes on even if its output cannot be written either', async () => {
    const folder = openFolder();
    const data = path.join(folder, 'data');
    mkdirSync(data);
    symlinkSync('/dev/full', path.join(data, 'webcall.log'));
    const launcher = await Launcher.start(data);
    expect(launcher.written.match(/webcall\.log cannot be written for now: ENOSPC/g)).toHaveLength(1);
    expect(await launcher.stop()).toBe(0);
    const full = openSync('/dev/full', 'w');
    const silent = await Launcher.start(data, { output: full });
    expect(await silent.stop()).toBe(0);
    closeSync(full);
    rmSync(folder, { recursive: true });
  });
});

it('a read-only database is unavailable, and not ready until it accepts writes', async () => {
  const database = await newDatabase();
  const app = await startApp({ database });
  const user = await newUser(app);
  const reconnect = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()`;
  const room = (): Promise<unknown[]> =>
    answer(user.rest.request('POST /rooms', { body: { name: 'a room', visibility: 'private' } }));
  const set = (value: string): string =>
    `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = ${value}', current_database()); END $$`;
  await database.query(set('on'));
  await database.query(reconnect);
  // The first requests may fail on connections that have just ended.
  await until(async () => {
    expect(await room()).toEqual(unavailable);
    const { body } = await user.rest.send('GET', '/readyz');
    return body.error?.details?.database === 'cannot write';
  });
  await database.query(`BEGIN READ WRITE; ${set('off')}; COMMIT`);
  await database.query(reconnect);
  await until(async () => (await user.rest.send('GET', '/readyz')).status === 200);
  expect(await room()).toEqual([201, undefined]);
  await app.close();
  await database.drop();
});
