/** Starts the database and the api, says where they are, and stops both in that order backwards. */
import { spawn } from 'node:child_process';
import { createWriteStream, existsSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { root } from './bootstrap.mjs';
import { claim, openData } from './data-folder.mjs';
import { ensureDatabase, startPostgres } from './pg.mjs';
import { Plain, say } from './say.mjs';

const logLimit = 20 * 1024 * 1024;
const bootSeconds = 90;
const stopSeconds = 15;

/** @returns {Promise<number>} the exit code, once everything has stopped */
export async function launch({ host, port, data }) {
  const secrets = openData(data);
  const stops = [claim(data)];
  const asked = new Promise((done) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => done(signal));
  });
  try {
    const env = { ...process.env, HOST: host, PORT: String(port), APP_ENV: process.env.APP_ENV || 'production' };
    env.DATABASE_URL ||= await embedded(data, secrets, stops);
    env.JWT_SECRET ||= secrets.jwtSecret;
    env.REGISTRATION_SECRET ||= secrets.registrationCode;
    env.METRICS_TOKEN ||= secrets.metricsToken;
    const api = startApi(env, path.join(data, 'webcall.log'));
    stops.unshift(api.stop);
    if (await Promise.race([asked.then(() => false), api.ended.then(() => false), answers(host, port)])) {
      greet({ port, host, code: env.REGISTRATION_SECRET, data, log: api.log, own: !process.env.DATABASE_URL });
      await Promise.race([asked, api.ended]);
    }
    const failure = api.failure();
    if (failure) throw new Plain(failure);
    say('\nStopping …');
    return 0;
  } finally {
    for (const stop of stops) await stop();
  }
}

async function embedded(data, secrets, stops) {
  say('Starting the database …');
  const postgres = await startPostgres({ folder: path.join(data, 'pg'), password: secrets.databasePassword });
  stops.unshift(postgres.stop);
  return ensureDatabase(postgres.url, 'webcall');
}

function startApi(env, log) {
  say('Starting the server …');
  if (existsSync(log) && statSync(log).size > logLimit) renameSync(log, `${log}.1`);
  const output = createWriteStream(log, { flags: 'a', mode: 0o600 });
  // Its own process group: Ctrl-C in the terminal reaches the launcher alone, which stops things in order.
  const child = spawn(process.execPath, ['--enable-source-maps', path.join(root, 'dist/apps/api/main.js')], {
    cwd: root,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let complaint = '';
  child.stdout.pipe(output, { end: false });
  child.stderr.pipe(output, { end: false });
  child.stderr.on('data', (text) => (complaint = (complaint + text).slice(-10_000)));
  const ended = new Promise((done) => child.once('close', done));
  const exited = () => child.exitCode !== null || child.signalCode !== null;
  return {
    log,
    ended,
    /** Why it stopped by itself: its own words about settings, or where to look. */
    failure: () => {
      if (!exited()) return undefined;
      const words = complaint.trim();
      return words && !/^\s+at /m.test(words) ? words : `The server stopped unexpectedly: ${log} says why.`;
    },
    stop: async () => {
      if (!exited()) child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), stopSeconds * 1000);
      await ended;
      clearTimeout(late);
      await new Promise((done) => output.end(done));
    },
  };
}

/** Resolves with true once the server takes requests. */
async function answers(host, port) {
  const name = ['0.0.0.0', '::'].includes(host) ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  for (const end = Date.now() + bootSeconds * 1000; Date.now() < end; await pause(100)) {
    const answer = await fetch(`http://${name}:${port}/readyz`).catch(() => undefined);
    if (answer?.ok) return true;
  }
  throw new Plain(`The server did not get ready within ${bootSeconds} seconds.`);
}

function greet({ port, host, code, data, log, own }) {
  const name = ['0.0.0.0', '::', '127.0.0.1', '::1'].includes(host) ? 'localhost' : host;
  const address = `http://${name}:${port}`;
  say(`
  WebCall is ready at ${address}

  Sign up:            ${address}/sign-up#code=${encodeURIComponent(code)}
  Registration code:  ${code}

  What to do next: open the sign-up link, make a room, and send its link to a friend.
  Whoever has the registration code can sign up; guests join by an invitation without it.

  Data: ${own ? data : 'in the database of DATABASE_URL'}
  Log:  ${log}
  Ctrl-C stops WebCall and keeps the data.
`);
}
