/** Finds programs of the system, and installs missing packages with apt-get. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';
import { say } from './say.mjs';

/** @returns the first of these programs that PATH leads to, or undefined */
export const onPath = (names) =>
  names
    .flatMap((name) => (process.env.PATH ?? '').split(path.delimiter).map((folder) => path.join(folder, name)))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return statSync(file).isFile();
      } catch (error) {
        if (['ENOENT', 'EACCES', 'ENOTDIR'].includes(error.code)) return false;
        throw error;
      }
    });

/** @returns whether this account may install packages of the system, and `aptGet` can */
export const mayInstall = () => process.getuid?.() === 0 && onPath(['apt-get']) !== undefined;

/** @returns whether the packages of the system are installed now */
export function aptGet(...packages) {
  say(`Installing ${packages.join(', ')} …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const run = (...args) =>
    spawnSync('apt-get', ['-qq', '-y', ...args], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  return run('update').status === 0 && run('install', '--no-install-recommends', ...packages).status === 0;
}
