import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../ports';

const main = path.resolve(__dirname, '../../../../../dist/apps/api/main.js');

/** A separate API process, as in production. */
export interface ServerProcess {
  pid: number;
  url: string;
  /** Shuts it down. */
  stop: () => Promise<void>;
  /** Kills it, like a crash. */
  kill: () => Promise<void>;
  /** Sends a message to it, which only a server that a test has extended understands. */
  send: (message: string) => void;
  /** Resolves when it has ended. */
  ended: Promise<unknown>;
}

/**
 * Starts the built API (`npm run build:api`) and waits until it is ready.
 * @param extended the bundle of a server that a test has extended
 */
export async function startProcess(env: Record<string, string>, extended?: string): Promise<ServerProcess> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const flags = ['--enable-source-maps', '--disable-warning=ExperimentalWarning'];
  const child = spawn(process.execPath, [...flags, extended ?? main], {
    env: { PATH: process.env['PATH'], HOST: '127.0.0.1', PORT: String(port), LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'inherit', 'inherit', ...(extended ? ['ipc' as const] : [])],
  });
  const ended = once(child, 'exit');
  await ready(url, child);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await ended;
  };
  return {
    pid: child.pid as number,
    url,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    send: (message) => void child.send(message),
    ended,
  };
}

async function ready(url: string, child: ChildProcess): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`);
    const answer = await fetch(`${url}/readyz`).catch(() => undefined);
    if (answer?.ok) return;
    await delay(50);
  }
}
