/** Starts the measured processes, and reads their processor times. */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { root } from '../bootstrap.mjs';
import { ensureDatabase, freePort } from '../launch/pg.mjs';

/** Seconds of a tick: the kernel counts processor time in hundredths. */
const TICK = 0.01;

const code = 'measures-7391';

const bench = (name) => path.join(root, 'tools/bench', name);

/** Starts a Node process to be measured. `--expose-gc` lets it collect garbage. */
async function start(script, env, ready) {
  const port = await freePort();
  const flags = ['--disable-warning=ExperimentalWarning', '--expose-gc', '--import', bench('clear.mjs')];
  const child = spawn(process.execPath, [...flags, script], {
    cwd: root,
    env: { PATH: process.env.PATH, PORT: String(port), ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const url = `http://127.0.0.1:${port}`;
  while (!(await answers(`${url}${ready}`))) {
    if (child.exitCode !== null) throw new Error(`${script} ended with ${child.exitCode}`);
    await pause(50);
  }
  const stop = async () => {
    const ended = new Promise((done) => child.once('exit', done));
    child.kill('SIGTERM');
    await ended;
  };
  const memory = async () => {
    const answer = once(child, 'message');
    child.send('memory');
    const [bytes] = await answer;
    return bytes;
  };
  return { url, pid: child.pid, memory, stop };
}

async function answers(url) {
  try {
    return (await fetch(url)).status < 500;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

/** Starts the bare relay on Socket.IO, which our server uses too. */
export const startRelay = () => start(bench('bare/relay.mjs'), {}, '/');

/** Starts the bare relay on plain web sockets. */
export const startWsRelay = () => start(bench('bare/ws-relay.mjs'), {}, '/');

/** Starts the bare chat, on a database with our tables. */
export const startBareChat = ({ database, redis = '', connections }) =>
  start(
    bench('bare/bare-chat.mjs'),
    { DATABASE_URL: database, REDIS_URL: redis, CONNECTIONS: String(connections) },
    '/',
  );

/** Starts the bare server for handshakes, on a database with our tables. */
export const startBareHandshakes = ({ database, secret }) =>
  start(bench('bare/bare-handshakes.mjs'), { DATABASE_URL: database, JWT_SECRET: secret }, '/');

/**
 * Starts the built api as in production, on a database of its own. Limits are out of reach, because they would end the
 * measurement, unless `env` sets others.
 */
export async function startApi({ postgres, redis = '', web = false, env = {} }) {
  const database = await ensureDatabase(postgres, `webcall_bench_${randomUUID()}`);
  const server = await start(
    path.join(root, 'dist/apps/api/main.js'),
    {
      APP_ENV: 'test',
      HOST: '127.0.0.1',
      LOG_LEVEL: 'warn',
      DATABASE_URL: database,
      REDIS_URL: redis,
      JWT_SECRET: randomUUID() + randomUUID(),
      REGISTRATION_SECRET: code,
      THROTTLE_SCALE: '10000',
      // Counted as usual, but never reached.
      QUOTA_MESSAGES: '1000000000',
      QUOTA_DEVICES: '1000000000',
      BCRYPT_COST: '4',
      ...env,
      ...(web && { WEB_ROOT: path.join(root, 'dist/apps/web') }),
    },
    '/readyz',
  );
  return { ...server, code, database };
}

/** @returns the processor time that a process has used, in seconds */
export function processorTime(pid) {
  // The name of the program, in parentheses, may contain spaces.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK;
}
