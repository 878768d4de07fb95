import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { root } from '../bootstrap.mjs';
import { say } from '../say.mjs';

/** Starts the api in a process group of its own. It stops when its channel closes, at the latest with this process. */
function runApi(env) {
  const flags = ['--enable-source-maps', '--disable-warning=ExperimentalWarning'];
  const child = spawn(process.execPath, [...flags, path.join(root, 'dist/dev/api/main.js')], {
    cwd: root,
    env,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    detached: true,
  });
  const ended = once(child, 'close').catch(({ message }) => say(`The api could not be started: ${message}`));
  return async () => {
    child.kill('SIGTERM');
    await ended;
  };
}

/** Restarts the api on changes, one process at a time: each start waits until the process before it has stopped. */
export class Respawned {
  queue = Promise.resolve();
  stopCurrent = undefined;

  constructor(env) {
    this.env = env;
  }

  start() {
    this.queue = this.queue.then(async () => {
      await this.stopCurrent?.();
      this.stopCurrent = runApi(this.env);
    });
  }

  async stop() {
    await this.queue;
    await this.stopCurrent?.();
  }
}
