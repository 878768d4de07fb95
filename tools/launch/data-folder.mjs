/** The data folder: made once, closed to others, with the secrets of this installation, used by one launcher at a time. */
import { randomBytes, randomInt } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Plain } from '../say.mjs';

/** No letters or digits that look alike: people read the code out and type it. */
const letters = 'abcdefghjkmnpqrstuvwxyz23456789';
const word = (length) => Array.from({ length }, () => letters[randomInt(letters.length)]).join('');

const make = () => ({
  jwtSecret: randomBytes(48).toString('base64url'),
  registrationCode: [word(5), word(5), word(5)].join('-'),
  metricsToken: randomBytes(24).toString('base64url'),
  databasePassword: randomBytes(24).toString('base64url'),
});

/** What SQLite says when another process has the lock. */
const busy = 5;

/**
 * Makes the folder and takes it for this process: two launchers would work on one database. The lock is the system's, of
 * a file of the folder, by way of the SQLite in Node, which brings it along for every system: it ends with the process,
 * however that ends, does not travel with a copy, and is the same under every path.
 * @returns gives the folder back
 */
export function claim(folder) {
  mkdirSync(folder, { recursive: true });
  // Started by root, the database runs as another user, who has to get through to its own folder.
  chmodSync(folder, process.getuid?.() === 0 ? 0o711 : 0o700);
  const file = path.join(folder, 'launcher.lock');
  try {
    const lock = new DatabaseSync(file, { timeout: 0 });
    lock.exec('BEGIN EXCLUSIVE');
    return () => lock.close();
  } catch (error) {
    if (error.errcode === busy) throw new Plain(`WebCall already runs with the data in ${folder}.`);
    if (error.code !== 'ERR_SQLITE_ERROR') throw error;
    throw new Plain(
      `${file} cannot be locked (${error.message}): the folder has to be writable, on a disk that knows locks and has space.`,
    );
  }
}

/** The secrets of a folder that was claimed. */
export function openData(folder) {
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
