import { spawn } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { copy, isAlive, Launcher, openFolder, parentOf, until } from '../support/faults/launcher';

jest.setTimeout(240_000);

let template: string;
let folder: string;
let data: string;
const started: { stop(): unknown }[] = [];

/** Starts a launcher as `npm start` does, without the API; it is stopped after the test. */
const start = async (at: string): Promise<Launcher> => {
  const launcher = await Launcher.spawn(at, { databaseOnly: true });
  started.push(launcher);
  await launcher.ready();
  return launcher;
};

const write = (at: Launcher, word: string): Promise<unknown> => at.query(`INSERT INTO words VALUES ('${word}')`);
const words = async (at: Launcher): Promise<string[]> =>
  (await at.query<{ word: string }>('SELECT word FROM words ORDER BY word')).map(({ word }) => word);

/** Kills the launcher and the watcher of its database, which then runs on as an orphan. */
const orphan = async (launcher: Launcher): Promise<number> => {
  const { postmaster } = launcher;
  process.kill(parentOf(postmaster), 'SIGKILL');
  await launcher.kill();
  started.push({ stop: () => isAlive(postmaster) && process.kill(postmaster, 'SIGQUIT') });
  return postmaster;
};

beforeAll(async () => {
  template = openFolder();
  const launcher = await Launcher.start(path.join(template, 'data'), { databaseOnly: true });
  await launcher.query('CREATE TABLE words (word text)');
  expect(await launcher.stop()).toBe(0);
});
afterAll(() => rmSync(template, { recursive: true }));
beforeEach(() => {
  folder = openFolder();
  data = path.join(folder, 'data');
  copy(path.join(template, 'data'), data);
});
afterEach(async () => {
  for (const one of started.splice(0).reverse()) await one.stop();
  rmSync(folder, { recursive: true });
});

it('a copy made while the original runs has its own database, and stopping it stops nothing else', async () => {
  const original = await start(data);
  await write(original, 'before');
  copy(data, `${data}-copy`);
  const other = await start(`${data}-copy`);
  await Promise.all([write(other, 'copy'), write(original, 'original')]);
  expect([await words(other), await words(original)]).toEqual([
    ['before', 'copy'],
    ['before', 'original'],
  ]);
  expect(await other.stop()).toBe(0);
  expect(await words(original)).toEqual(['before', 'original']);
  expect(await original.stop()).toBe(0);
});

it('a copy of a folder with an orphaned database leaves that database alone, and the original ends it', async () => {
  const killed = await start(data);
  await write(killed, 'before');
  const postmaster = await orphan(killed);
  copy(data, `${data}-copy`);
  const other = await start(`${data}-copy`);
  await write(other, 'copy');
  expect(await other.stop()).toBe(0);
  expect(isAlive(postmaster)).toBe(true);
  const again = await start(data);
  expect(isAlive(postmaster)).toBe(false);
  expect(again.postmaster).not.toBe(postmaster);
  expect(await words(again)).toEqual(['before']);
});

it('a folder moved while its orphaned database runs is distinguished from another one in its old place', async () => {
  const killed = await start(data);
  await write(killed, 'before');
  const postmaster = await orphan(killed);
  renameSync(data, `${data}-moved`);
  copy(`${data}-moved`, data);
  const other = await start(data);
  expect(isAlive(postmaster)).toBe(true);
  await write(other, 'copy');
  const moved = await start(`${data}-moved`);
  expect(isAlive(postmaster)).toBe(false);
  expect([await words(moved), await words(other)]).toEqual([['before'], ['before', 'copy']]);
});

it('a process that has the former process id of a database is neither waited for nor ended', async () => {
  const first = await start(data);
  await write(first, 'before');
  const file = path.join(data, 'pg/postmaster.pid');
  const lines = readFileSync(file, 'utf8').split('\n');
  await first.stop();
  // It runs as the same user as the database, since PostgreSQL itself rules out processes of other users.
  const id = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
  const sleeper = spawn('sleep', ['1000'], { stdio: 'ignore', ...id });
  started.push({ stop: () => sleeper.kill() });
  // The same with the files that earlier versions trusted.
  for (const name of [file, path.join(data, 'launcher.pid'), path.join(data, 'api.pid')])
    writeFileSync(name, [sleeper.pid, ...lines.slice(1)].join('\n'));
  const again = await start(data);
  expect(await words(again)).toEqual(['before']);
  expect(await again.stop()).toBe(0);
  expect(isAlive(sleeper.pid as number)).toBe(true);
});

it('of several concurrent starts one gets the folder, and the others say why they do not', async () => {
  const all = await Promise.all([1, 2, 3].map(() => Launcher.spawn(data, { databaseOnly: true })));
  started.push(...all);
  const refused = new Set<Launcher>();
  await new Promise<void>((done) => {
    for (const one of all) void one.exit.then(() => refused.add(one).size === all.length - 1 && done());
  });
  for (const { exit, written } of refused)
    expect([await exit, written.trim()]).toEqual([1, `WebCall already runs with the data in ${data}.`]);
  const serving = all.find((one) => !refused.has(one)) as Launcher;
  await serving.ready();
  expect(await words(serving)).toEqual([]);
});

it('another path to the folder is the same folder, which is free at once when its launcher is killed', async () => {
  const first = await start(data);
  symlinkSync(data, `${data}-link`);
  const second = await Launcher.spawn(`${data}-link`, { databaseOnly: true });
  expect(await second.exit).toBe(1);
  expect(second.written.trim()).toBe(`WebCall already runs with the data in ${data}-link.`);
  await write(first, 'before');
  await first.kill();
  expect(await words(await start(`${data}-link`))).toEqual(['before']);
});

it('killing the launcher ends its API and its database', async () => {
  const launcher = await Launcher.start(data);
  const { postmaster } = launcher;
  await launcher.kill();
  await until(() => !isAlive(postmaster));
  await until(() =>
    fetch(`${launcher.url}/healthz`).then(
      () => false,
      () => true,
    ),
  );
  // The database was shut down cleanly, so nothing needs recovery.
  expect(existsSync(path.join(data, 'pg/postmaster.pid'))).toBe(false);
});

it('a database that is killed is started again, with its data', async () => {
  const launcher = await start(data);
  await write(launcher, 'before');
  const { postmaster } = launcher;
  process.kill(postmaster, 'SIGKILL');
  await until(() => launcher.written.includes('The database stopped by itself'));
  await until(async () => isDeepStrictEqual(await words(launcher).catch(() => undefined), ['before']));
  expect(launcher.postmaster).not.toBe(postmaster);
  expect(await launcher.stop()).toBe(0);
});

it('the log of its database contains no user data, even of refused statements', async () => {
  const launcher = await start(data);
  await launcher.query('CREATE UNIQUE INDEX ON words (lower(word))');
  await write(launcher, 'sesame@example.org');
  await expect(write(launcher, 'Sesame@example.org')).rejects.toThrow(/duplicate key/);
  await expect(launcher.query(`SELECT 'sesame@example.org' || nothing`)).rejects.toThrow(/nothing/);
  await expect(
    launcher.query(`DO $$ BEGIN RAISE 'refused' USING DETAIL = 'sesame@example.org', HINT = 'sesame'; END $$`),
  ).rejects.toThrow('refused');
  expect(await launcher.stop()).toBe(0);
  const log = readFileSync(path.join(data, 'pg.log'), 'utf8');
  expect(log).toContain('duplicate key');
  expect(log.toLowerCase()).not.toContain('sesame');
});

it('the database of docker-compose.yml has the same log settings', async () => {
  const { quietLog } = await import('../../../../tools/launch/pg.mjs');
  const compose = readFileSync(path.resolve(__dirname, '../../../../docker-compose.yml'), 'utf8');
  const database = compose.slice(compose.indexOf('\n  postgres:'), compose.indexOf('\n  redis:'));
  expect(database).toContain('--max_connections');
  for (const setting of quietLog) expect(database).toContain(`- --${setting}\n`);
});
