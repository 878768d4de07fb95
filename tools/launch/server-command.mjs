/** Runs a command of the built server on its database, whether WebCall runs or not. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { build, install, root, underNewNode } from '../bootstrap.mjs';
import { main, Plain } from '../say.mjs';
import { launcherSettings } from './launch-settings.mjs';
import { postmaster, worksIn } from './pg-leftover.mjs';

/** @param {string} name of a built file beside the server's main.js; it gets the arguments of this process */
export async function runServerCommand(name) {
  await main(async () => {
    install();
    const done = await underNewNode(process.argv[1]);
    if (done !== undefined) return done;
    build();
    const { siteAddress } = await import('./launch.mjs');
    const settings = launcherSettings(process.env);
    const stops = [];
    try {
      const env = { ...process.env };
      env.PUBLIC_URL ||= siteAddress(settings);
      env.DATABASE_URL ||= await embedded(settings.data, stops);
      return await runBuilt(name, env);
    } finally {
      for (const stop of stops) await stop();
    }
  });
}

/** @returns the address of the embedded database: the one of a running WebCall, or else one started for this alone. */
async function embedded(data, stops) {
  if (!existsSync(path.join(data, 'secrets.json')))
    throw new Plain(`There is no WebCall in ${data} yet: npm start makes one. DATA_DIR names another folder.`);
  const { claim, openData } = await import('./data-folder.mjs');
  const { ensureDatabase, startPostgres } = await import('./pg.mjs');
  const { databasePassword: password } = openData(data);
  const folder = path.join(data, 'pg');
  try {
    stops.unshift(claim(data));
  } catch (error) {
    // A running WebCall has locked the folder.
    const port = error instanceof Plain && portOf(folder);
    if (!port) throw error;
    return `postgres://webcall:${password}@127.0.0.1:${port}/webcall`;
  }
  const postgres = await startPostgres({ folder, password });
  stops.unshift(postgres.stop);
  return ensureDatabase(postgres.url, 'webcall');
}

/** @returns the port of the database that works in this very folder; a copy's lock file names the original's port */
function portOf(folder) {
  const { pid, port, ready } = postmaster(folder) ?? {};
  // Windows does not report the working directory of a program.
  return ready && (process.platform === 'win32' || worksIn(pid, folder)) ? port : undefined;
}

/** @returns {Promise<number>} the exit code of the server's command */
function runBuilt(name, env) {
  const command = [path.join(root, 'dist/apps/api', name), ...process.argv.slice(2)];
  const child = spawn(process.execPath, command, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] });
  return new Promise((done, fail) => child.once('error', fail).once('exit', (code) => done(code ?? 1)));
}
