/** The embedded PostgreSQL: real server binaries from an npm package, listening on the loopback address alone. */
import { closeSync, openSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { kept } from './kept.mjs';
import { alive, postmaster, worksIn } from './pg-leftover.mjs';
import { prepareFolder, programs, user } from './pg-program.mjs';
import { Plain, say } from '../say.mjs';

/** Values are people's data: an error is logged by its message alone, without its statement and row. */
export const quietLog = [
  'log_error_verbosity=terse',
  'log_min_error_statement=panic',
  'log_parameter_max_length=0',
  'log_parameter_max_length_on_error=0',
];

/** SIGINT is PostgreSQL's fast shutdown: it rolls back open transactions and writes everything to the disk. */
const inOrder = 'SIGINT';

/** How long to wait before a server that ended by itself is started again, in ms. */
const again = 2000;

export const freePort = () =>
  new Promise((done, fail) => {
    const server = createServer().once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });

async function until(condition, failed, seconds) {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await pause(30)) {
    if (condition()) return true;
    if (failed()) return false;
  }
  return false;
}

/**
 * Starts the server on `folder`, which is made at the first start. It ends with this process, and is started again when
 * it ends by itself, as on a full disk. `durable: false` is for tests: faster, and lost with the power.
 * @returns {Promise<{ url: string, stop: (signal?: NodeJS.Signals) => Promise<void> }>} `url` names the database
 * `postgres`; `stop` is a fast shutdown unless another signal is given
 */
export async function startPostgres({ folder, password, port: wanted, durable = true }) {
  const run = programs(folder);
  const log = `${folder}.log`;
  const leftover = await stopLeftover(folder);
  prepareFolder(run, folder, password);
  const serving = { folder, log, port: wanted ?? (await freePort()), durable };
  const stale = postmaster(folder)?.start;
  let server = serve(run, { ...serving, flags: 'w', leftover });
  const ready = () => postmaster(folder)?.ready && postmaster(folder).start !== stale;
  if (!(await until(ready, () => !server.running(), 60))) {
    await server.stop();
    throw new Plain(`PostgreSQL did not start: ${log} says why.`);
  }
  let stopping = false;
  const keepUp = async () => {
    for (let reported = false; ;) {
      await server.ended;
      if (stopping) return;
      if (!reported) say(`The database stopped by itself and is started again: ${log} says why.`);
      await pause(again);
      const other = await stopLeftover(folder);
      if (stopping) return;
      const before = postmaster(folder)?.start;
      const next = serve(run, { ...serving, flags: 'a', leftover: other });
      server = next;
      const serves = () => postmaster(folder)?.ready && postmaster(folder).start !== before;
      // A server that cannot start is reported once, the end of one that worked each time.
      reported = !(await until(serves, () => stopping || !next.running(), 60));
    }
  };
  keepUp().catch((error) => say(error.message));
  const stop = (signal) => {
    stopping = true;
    return server.stop(signal);
  };
  return { url: `postgres://${user}:${password}@127.0.0.1:${serving.port}/postgres`, stop };
}

/**
 * Ends a server that still works in this very folder, because its launcher and its keeper were killed.
 * @returns the process named by the folder's lock file, if it is another program
 */
async function stopLeftover(folder) {
  const { pid } = postmaster(folder) ?? {};
  if (!pid || !alive(pid)) return undefined;
  if (!worksIn(pid, folder)) return pid;
  process.kill(pid, inOrder);
  const gone = await until(
    () => !worksIn(pid, folder),
    () => false,
    30,
  );
  if (!gone) throw new Plain(`PostgreSQL (process ${pid}) still works in ${folder} and does not stop: end it.`);
  return undefined;
}

/** @param leftover a process that is no PostgreSQL of this folder, although its lock file says so */
function serve(run, { folder, log, flags, port, durable, leftover }) {
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=200', ...quietLog];
  if (!durable) settings.push('fsync=off', 'synchronous_commit=off', 'full_page_writes=off');
  const command = run.command('postgres', [
    ...['-D', folder, '-p', String(port)],
    ...settings.flatMap((setting) => ['-c', setting]),
  ]);
  const output = openSync(log, flags, 0o600);
  try {
    // pg_ctl uses this variable to name a process that is not another server. PostgreSQL still checks whether the
    // folder's shared memory is in use.
    const env = { ...process.env, ...(leftover && { PG_GRANDPARENT_PID: String(leftover) }) };
    return kept({ signal: inOrder, ...run.as }, command, { output, env, cwd: '/' });
  } finally {
    closeSync(output);
  }
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

/** Makes the database if the server has none of that name. @returns its address */
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
