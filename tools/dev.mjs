/** `npm run dev`: runs the api on port 3000, rebuilt and restarted on every change, and the web client on port 4200. */
import { createRequire } from 'node:module';
import { install, onStop, root, toolEnv, underNewNode } from './bootstrap.mjs';
import { Respawned } from './launch/dev-processes.mjs';
import { kept } from './launch/kept.mjs';
import { claimPort, launcherSettings } from './launch/launch-settings.mjs';
import { main, Plain, say } from './say.mjs';

const webPort = '4200';

await main(async () => {
  install();
  const done = await underNewNode(process.argv[1]);
  if (done !== undefined) return done;
  const settings = launcherSettings({ ...process.env, DATA_DIR: process.env.DATA_DIR || '.data/dev' });
  await claimPort(settings);
  const [{ apiSettings }, { watchApi }] = await Promise.all([
    import('./launch/launch.mjs'),
    import('./build/build-api.mjs'),
  ]);
  const stops = [];
  const asked = new Promise((done) => onStop(done));
  try {
    const given = { APP_ENV: 'development', CORS_ORIGINS: `http://localhost:${webPort}`, ...process.env };
    const env = await apiSettings(given, settings, stops);
    const api = new Respawned(env);
    stops.unshift(() => api.stop());
    const watcher = await watchApi(() => api.start());
    stops.unshift(() => watcher.dispose());
    const nx = createRequire(import.meta.url).resolve('nx/bin/nx.js');
    const ports = { PORT: webPort, API_PORT: String(settings.port) };
    const serve = [process.execPath, nx, 'serve', 'web'];
    const web = kept({ signal: 'SIGTERM' }, serve, { cwd: root, env: { ...toolEnv(), ...ports } });
    stops.unshift(() => web.stop());
    say(`\n  http://localhost:${webPort}, registration code ${env.REGISTRATION_SECRET}\n`);
    const endedBy = await Promise.race([asked, web.ended.then(() => 'web')]);
    if (endedBy === 'web') throw new Plain('The web client is not served any more: see above.');
    return 0;
  } finally {
    for (const stop of stops) await stop();
  }
});
