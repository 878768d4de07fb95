/** The data folder: made once, closed to others, with the secrets of this installation, used by one launcher at a time. */
import { randomBytes, randomInt } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Plain } from './say.mjs';

/** No letters or digits that look alike: people read the code out and type it. */
const letters = 'abcdefghjkmnpqrstuvwxyz23456789';
const word = (length) => Array.from({ length }, () => letters[randomInt(letters.length)]).join('');

const make = () => ({
  jwtSecret: randomBytes(48).toString('base64url'),
  registrationCode: [word(5), word(5), word(5)].join('-'),
  metricsToken: randomBytes(24).toString('base64url'),
  databasePassword: randomBytes(24).toString('base64url'),
});

export function openData(folder) {
  mkdirSync(folder, { recursive: true });
  // Started by root, the database runs as another user, who has to get through to its own folder.
  chmodSync(folder, process.getuid?.() === 0 ? 0o711 : 0o700);
  const file = path.join(folder, 'secrets.json');
  if (!existsSync(file)) {
    if (existsSync(path.join(folder, 'pg')))
      throw new Plain(`${file} is missing, and with it the password of the database beside it: bring the file back.`);
    writeFileSync(file, `${JSON.stringify(make(), null, 2)}\n`, { mode: 0o600 });
  }
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new Plain(`${file} is damaged: bring back a copy of it.`);
  }
}

/** Two launchers would stop each other's database. */
export function claim(folder) {
  const file = path.join(folder, 'launcher.pid');
  const pid = readPid(file);
  if (runs(pid, /tools.(start|dev)\.mjs/))
    throw new Plain(`WebCall already runs with the data in ${folder} (process ${pid}).`);
  writeFileSync(file, String(process.pid));
  return () => rmSync(file, { force: true });
}

/** Notes the api's process, so that one whose launcher was killed can be ended at the next start. */
export function note(folder, pid) {
  const file = path.join(folder, 'api.pid');
  writeFileSync(file, String(pid));
  return () => rmSync(file, { force: true });
}

/** Ends an api that outlived its launcher and still has the port. */
export async function endLeftover(folder) {
  if (runs(readPid(path.join(folder, 'launcher.pid')), /tools.(start|dev)\.mjs/)) return;
  const pid = readPid(path.join(folder, 'api.pid'));
  const leftover = () => runs(pid, /dist.apps.api.main\.js/);
  if (!leftover()) return;
  process.kill(pid, 'SIGTERM');
  for (const end = Date.now() + 15_000; leftover() && Date.now() < end;) await pause(50);
}

const readPid = (file) => (existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0);

/** Process numbers are given again to others: where the system tells, the command must fit too. */
function runs(pid, command) {
  if (!pid) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code === 'ESRCH') return false;
    if (error.code !== 'EPERM') throw error;
  }
  const file = `/proc/${pid}/cmdline`;
  return existsSync(file) ? command.test(readFileSync(file, 'utf8')) : process.platform !== 'linux';
}
