import { spawn } from 'node:child_process';
import { onStop, root, toolEnv } from '../bootstrap.mjs';
import { say } from '../say.mjs';

const SEEDS = 5000;
const PROCESSES = 2;

/** Runs the races of devices in encrypted rooms with as many seeds. @returns {Promise<number>} 1 if one was lost */
export async function races() {
  say(`Races of devices in encrypted rooms: ${SEEDS}, in ${PROCESSES} processes`);
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const args = [
    ...flags,
    'node_modules/jest/bin/jest.js',
    '--selectProjects',
    'encryption',
    '--testPathPatterns',
    'race.spec',
  ];
  const children = Array.from({ length: PROCESSES }, () =>
    spawn(process.execPath, args, {
      cwd: root,
      env: { ...toolEnv(), RACE_SEEDS: String(SEEDS / PROCESSES) },
      stdio: ['ignore', 'inherit', 'inherit'],
    }),
  );
  onStop(() => children.forEach((child) => child.kill('SIGINT')));
  const codes = await Promise.all(
    children.map((child) => new Promise((done, fail) => child.once('error', fail).once('close', done))),
  );
  return codes.every((code) => code === 0) ? 0 : 1;
}
