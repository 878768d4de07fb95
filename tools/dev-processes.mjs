import { spawn } from 'node:child_process';
import path from 'node:path';
import { root } from './bootstrap.mjs';

/** A child in a process group of its own. */
export function run(command, args, env) {
  const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'], detached: true });
  const ended = new Promise((done) => child.once('close', done));
  const stop = async () => {
    // The whole group: Nx starts children of its own.
    if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid, 'SIGTERM');
    await ended;
  };
  return { ended, stop };
}

/** One api at a time; changes that come while it stops lead to one more start. */
export class Respawned {
  queue = Promise.resolve();
  current = undefined;

  constructor(env) {
    this.env = env;
  }

  start() {
    this.queue = this.queue.then(async () => {
      await this.current?.stop();
      this.current = run(
        process.execPath,
        ['--enable-source-maps', '--disable-warning=ExperimentalWarning', path.join(root, 'dist/dev/api/main.js')],
        this.env,
      );
    });
  }

  async stop() {
    await this.queue;
    await this.current?.stop();
  }
}
