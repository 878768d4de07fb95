/**
 * `npm run verify`: runs all checks that need no database and no browser; goes on after a failure.
 * With `--source-only` it only reads the sources of a checkout that was built before, and can run beside `npm test`.
 */
import { spawn } from 'node:child_process';
import { root, toolEnv } from './bootstrap.mjs';
import { main, say } from './say.mjs';

const sourceOnly = process.argv.includes('--source-only');

const first = ['swagger metadata', 'node', 'tools/build/api-metadata.mjs'];
/** Two rows of steps that run at the same time: neither writes files that the other reads. */
const rows = [
  [
    ['lock file', 'npm', 'run', '-s', 'check:lock'],
    ['format', 'npm', 'run', '-s', 'format:check'],
    ['lint and import rules', 'npm', 'run', '-s', 'lint', '--', '--max-warnings', '0'],
  ],
  [
    ['cycles', 'npm', 'run', '-s', 'cycles'],
    ['unused exports', 'npm', 'run', '-s', 'unused'],
    ['figures of the code', 'npm', 'run', '-s', 'figures'],
    ['types', 'npm', 'run', '-s', 'typecheck'],
    ...(sourceOnly ? [] : [['unit tests', 'npm', 'run', '-s', 'unit']]),
  ],
];
const last = ['build and sizes', 'npm', 'run', '-s', 'build'];

const failed = [];

/** Runs a step and prints its output at its end. */
async function check([name, command, ...args]) {
  const begun = performance.now();
  const child = spawn(command, args, { cwd: root, env: toolEnv(), stdio: ['ignore', 'pipe', 'pipe'] });
  const printed = [];
  for (const output of [child.stdout, child.stderr]) output.on('data', (text) => printed.push(text));
  const code = await new Promise((done, fail) => child.once('error', fail).once('close', done));
  say(`\n— ${name} (${((performance.now() - begun) / 1000).toFixed(0)} s)`);
  process.stdout.write(Buffer.concat(printed));
  if (code !== 0) failed.push(name);
}

async function checkInTurn(steps) {
  for (const step of steps) await check(step);
}

await main(async () => {
  if (!sourceOnly) await check(first);
  await Promise.all(rows.map(checkInTurn));
  if (!sourceOnly) await check(last);
  say(failed.length ? `\nFailed: ${failed.join(', ')}` : '\nAll checks passed.');
  return failed.length ? 1 : 0;
});
