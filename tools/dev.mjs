/** `npm run dev`: the api on port 3000, built and started anew on every change, and the web client on port 4200. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { createRequire } from 'node:module';
import { install, onStop, root, toolEnv, underNewNode } from './bootstrap.mjs';
import { claimPort, launcherSettings } from './launch-settings.mjs';
import { main, say } from './say.mjs';

await main(async () => {
  install();
  const done = await underNewNode(process.argv[1]);
  if (done !== undefined) return done;
  const settings = launcherSettings({ ...process.env, DATA_DIR: process.env.DATA_DIR || '.data/dev' });
  await claimPort(settings);
  const [{ apiSettings }, { watchApi }] = await Promise.all([import('./launch.mjs'), import('./build-api.mjs')]);
  const stops = [];
  const asked = new Promise((done) => onStop(done));
  try {
    const env = await apiSettings({ APP_ENV: 'development', ...process.env }, settings, stops);
    const api = new Respawned(env);
    stops.unshift(() => api.stop());
    const watcher = await watchApi(() => api.start());
    stops.unshift(() => watcher.dispose());
    const web = run(
      process.execPath,
      [createRequire(import.meta.url).resolve('nx/bin/nx.js'), 'serve', 'web'],
      toolEnv(),
    );
    stops.unshift(() => web.stop());
    say(`\n  http://localhost:4200, registration code ${env.REGISTRATION_SECRET}\n`);
    await asked;
    return 0;
  } finally {
    for (const stop of stops) await stop();
  }
});

function run(command, args, env) {
  const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'], detached: true });
  const ended = new Promise((done) => child.once('close', done));
  const stop = async () => {
    // The whole group: Nx starts children of its own.
    if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid, 'SIGTERM');
    await ended;
  };
  return { stop };
}

/** One api at a time; changes that come while it stops lead to one more start. */
class Respawned {
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
