import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { root } from '../bootstrap.mjs';
import { say } from '../say.mjs';

/** The api in a process group of its own. It stops when the channel to it ends, as it does with this process. */
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

/** One api at a time; changes that come while it stops lead to one more start. */
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
