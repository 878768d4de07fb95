/** Child processes that end with this process in any case: the system closes the pipe that their keeper reads. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { root } from '../bootstrap.mjs';

/**
 * Starts a command in a process group of its own, so that Ctrl-C in the terminal reaches this process alone.
 * @param how `signal` ends it when this process has ended; `uid` and `gid` are the user that it runs as
 * @param options `cwd`, `env`, and `output`, a file descriptor instead of this process's own outputs
 * @returns {{ ended: Promise<void>, running: () => boolean, stop: (signal?: NodeJS.Signals) => Promise<void> }}
 */
export function kept(how, [command, ...args], { output = 'inherit', ...options }) {
  const keeper = [path.join(root, 'tools/launch/keeper.mjs'), JSON.stringify(how)];
  const child = spawn(process.execPath, [...keeper, command, ...args], {
    ...options,
    detached: true,
    stdio: ['pipe', output, output],
  });
  // The child has ended, which `ended` reports.
  child.stdin.on('error', () => undefined);
  const ended = new Promise((done, fail) => child.once('error', fail).once('close', () => done()));
  // Callers that wait for `ended` get the error; without one it must not count as unhandled.
  ended.catch(() => undefined);
  const running = () => child.exitCode === null && child.signalCode === null;
  const stop = (signal = how.signal) => {
    child.stdin.end(`${signal}\n`);
    return ended;
  };
  return { ended, running, stop };
}
