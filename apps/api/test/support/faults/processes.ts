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
}

/** Starts the built API (`npm run build:api`) and waits until it is ready. */
export async function startProcess(env: Record<string, string>): Promise<ServerProcess> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, ['--enable-source-maps', '--disable-warning=ExperimentalWarning', main], {
    env: { PATH: process.env['PATH'], HOST: '127.0.0.1', PORT: String(port), LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  await ready(url, child);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  };
  return { pid: child.pid as number, url, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') };
}

async function ready(url: string, child: ChildProcess): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`);
    const answer = await fetch(`${url}/readyz`).catch(() => undefined);
    if (answer?.ok) return;
    await delay(50);
  }
}
