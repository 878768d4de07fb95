/**
 * Size of a clean clone's packages and time of its `npm start` until it answers, with the packages in npm's cache, and
 * size of the production install of deploy/docker/Dockerfile. Only committed files count. Runs alone with
 * `node tools/bench/weight.mjs`.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { root } from '../bootstrap.mjs';
import { freePort } from '../launch/pg.mjs';
import { main, Plain, say } from '../say.mjs';

const STARTS_WITHIN = 15 * 60_000;

/** The environment of a user with a new clone: without variables of the npm and the packages that run this. */
function cleanEnv() {
  const ours =
    /^(npm_(lifecycle|package|command|execpath|node_execpath)|INIT_CWD$|NODE|DATABASE_URL$|REDIS_URL$|APP_ENV$)/;
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name)));
  const parts = process.env.PATH.split(path.delimiter).filter((part) => !part.includes('node_modules'));
  return { ...env, PATH: parts.join(path.delimiter) };
}

function run(command, args, cwd) {
  const { status, stderr, stdout, error } = spawnSync(command, args, { cwd, env: cleanEnv(), encoding: 'utf8' });
  if (status !== 0) throw new Plain(`${command} ${args.join(' ')} failed: ${stderr || error?.message}`);
  return stdout;
}

/** @returns the megabytes that the packages of a folder take on the disk */
const weigh = (folder) => Number(run('du', ['-sk', path.join(folder, 'node_modules')]).split('\t')[0]) / 1024;

/** @returns how many seconds `npm start` takes until it is ready */
async function startOnce(clone) {
  const port = await freePort();
  const env = { ...cleanEnv(), PORT: String(port), HOST: '127.0.0.1' };
  const began = performance.now();
  // A process group of its own, so that it can be stopped as by Ctrl-C.
  const child = spawn('npm', ['start'], { cwd: clone, env, detached: true, stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = once(child, 'exit');
  try {
    while (!(await answers(`http://127.0.0.1:${port}/readyz`))) {
      if (child.exitCode !== null) throw new Plain('npm start of a clean clone ended by itself: see above.');
      if (performance.now() - began > STARTS_WITHIN) throw new Plain('npm start of a clean clone does not get ready.');
      await pause(100);
    }
    return (performance.now() - began) / 1000;
  } finally {
    if (child.exitCode === null) process.kill(-child.pid, 'SIGINT');
    await ended;
  }
}

async function answers(url) {
  try {
    return (await fetch(url)).ok;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

/** @returns rows of a name, a value with its unit, and the largest allowed value */
export async function measureWeight() {
  const folder = mkdtempSync(path.join(tmpdir(), 'webcall-weight-'));
  // If root starts it, its database runs as another user, who needs access to this folder.
  chmodSync(folder, 0o711);
  const [clone, image] = [path.join(folder, 'webcall'), path.join(folder, 'image')];
  try {
    run('git', ['clone', '--quiet', root, clone]);
    // Fills npm's cache; the time of this is not measured.
    run('npm', ['ci', '--omit=dev', '--ignore-scripts'], clone);
    rmSync(path.join(clone, 'node_modules'), { recursive: true });
    const seconds = await startOnce(clone);
    mkdirSync(image);
    for (const file of ['package.json', 'package-lock.json']) {
      copyFileSync(path.join(clone, 'dist/apps/api', file), path.join(image, file));
    }
    run('npm', ['ci', '--ignore-scripts'], image);
    return [
      { what: 'Packages of `npm start`', value: weigh(clone), unit: 'MB', most: 600 },
      { what: '`npm start` of a clean clone until it is ready', value: seconds, unit: 's', most: 40 },
      { what: 'Packages of a production install', value: weigh(image), unit: 'MB', most: 150 },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @returns the cells of the table row of a weight */
export const weightCells = ({ what, value, unit, most }) => [
  what,
  `${value.toFixed(0)} ${unit}`,
  `at most ${most} ${unit}${value > most ? ' — **missed**' : ''}`,
];

if (import.meta.main) {
  await main(async () => {
    for (const row of await measureWeight()) say(weightCells(row).join('   '));
  });
}
