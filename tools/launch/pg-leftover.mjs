/** Reads `postmaster.pid` of a data folder and checks it: a copy of the folder has the original's file. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/**
 * @returns {{ pid: number, port: number, start: string, ready: boolean } | undefined} `start` is different after each
 * start
 */
export function postmaster(folder) {
  const file = path.join(folder, 'postmaster.pid');
  if (!existsSync(file)) return undefined;
  const lines = readFileSync(file, 'utf8').split('\n');
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  return { pid, port, start: `${lines[0]} ${lines[2]}`, ready: lines[7]?.trim() === 'ready' };
}

export function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/**
 * @returns whether a process is a PostgreSQL that works in this very folder, under any path: a server's working
 * directory is its data folder. False where the system does not report it; PostgreSQL itself refuses a used folder.
 */
export function worksIn(pid, folder) {
  const { command, directory } = process.platform === 'linux' ? procOf(pid) : listedBy(pid);
  return command === 'postgres' && sameFolder(directory, folder);
}

function procOf(pid) {
  const proc = `/proc/${pid}`;
  return { command: existsSync(proc) ? readFileSync(`${proc}/comm`, 'utf8').trim() : '', directory: `${proc}/cwd` };
}

/** For macOS, which has no /proc; Windows has neither of the two. */
function listedBy(pid) {
  const { stdout } = spawnSync('lsof', ['-a', '-d', 'cwd', '-p', String(pid), '-Fcn'], { encoding: 'utf8' });
  const field = (letter) => new RegExp(`^${letter}(.*)$`, 'm').exec(stdout ?? '')?.[1] ?? '';
  return { command: field('c'), directory: field('n') };
}

function sameFolder(one, other) {
  try {
    const [a, b] = [one, other].map((folder) => statSync(folder, { bigint: true }));
    return a.dev === b.dev && a.ino === b.ino;
  } catch (error) {
    // The process has ended meanwhile, or belongs to another user, who may not enter our folder either.
    if (['ENOENT', 'EACCES', 'EPERM'].includes(error.code)) return false;
    throw error;
  }
}
