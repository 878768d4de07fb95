/** The data folder: private, with the secrets of this installation, used by one launcher at a time. */
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

/** SQLite's error code when another process has the lock. */
const busy = 5;

/**
 * Makes the folder and locks it for this process, because two launchers would work on one database. The lock is the
 * operating system's lock of a file in the folder, taken through Node's SQLite, which works on every system: it ends
 * with the process in any case, is not copied with the folder, and holds under every path.
 * @returns a function that releases the folder
 */
export function claim(folder) {
  mkdirSync(folder, { recursive: true });
  // If root starts this, the database runs as another user, who needs access to its own folder.
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

/** @returns the secrets of a claimed folder, which are made at the first start. */
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
