/** Runs the built api as a child process. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { root } from '../bootstrap.mjs';
import { LogFile } from './log-file.mjs';
import { Plain, sayOfTrouble } from '../say.mjs';

const bootSeconds = 90;
const stopSeconds = 15;

/**
 * @param env its whole environment, HOST and PORT included
 * @param log the file that takes its output
 */
export function startApi(env, log) {
  const output = new LogFile(log, sayOfTrouble);
  // Its own process group: Ctrl-C in the terminal reaches the launcher alone, which stops things in order.
  const flags = ['--enable-source-maps', '--disable-warning=ExperimentalWarning'];
  const child = spawn(process.execPath, [...flags, path.join(root, 'dist/apps/api/main.js')], {
    cwd: root,
    env: { WEB_ROOT: path.join(root, 'dist/apps/web'), ...env },
    detached: true,
    // The api stops when the channel closes, which happens at any end of this process.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let errorOutput = '';
  let lastErrorAt = 0;
  child.stdout.pipe(output, { end: false });
  child.stderr.pipe(output, { end: false });
  child.stderr.on('data', (text) => {
    errorOutput = (errorOutput + text).slice(-10_000);
    lastErrorAt = Date.now();
  });
  const ended = new Promise((done) => child.once('close', done));
  const exited = () => child.exitCode !== null || child.signalCode !== null;

  /** @returns why it stopped by itself: its own message about settings, or the log to look at. */
  const failure = () => {
    if (!exited()) return undefined;
    const message = errorOutput.trim();
    return message && !/^\s+at /m.test(message) ? message : `The server stopped unexpectedly: ${log} says why.`;
  };

  /** Resolves with true once it accepts requests, with false if it stopped before. */
  const ready = async () => {
    for (const end = Date.now() + bootSeconds * 1000; Date.now() < end; await pause(100)) {
      if (exited()) return false;
      if (await answers(env)) return true;
      // Shows problems while it still waits; after its end `failure` returns them.
      if (errorOutput && Date.now() - lastErrorAt > 500 && !exited()) {
        sayOfTrouble(errorOutput.trim());
        errorOutput = '';
      }
    }
    throw new Plain(`The server did not get ready within ${bootSeconds} seconds: ${log} says more.`);
  };

  const stop = async () => {
    if (!exited()) child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), stopSeconds * 1000);
    await ended;
    clearTimeout(late);
    await new Promise((done) => output.end(done));
  };

  return { pid: child.pid, ended, failure, ready, stop };
}

async function answers({ HOST: host, PORT: port }) {
  const name = ['0.0.0.0', '::'].includes(host) ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  try {
    return (await fetch(`http://${name}:${port}/readyz`)).ok;
  } catch (error) {
    // fetch wraps "connection refused" and similar errors in a TypeError.
    if (error instanceof TypeError) return false;
    throw error;
  }
}
