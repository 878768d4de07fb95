/** `npm run verify`: everything that can be checked without a database or a browser; goes on after a failure. */
import { spawnSync } from 'node:child_process';
import { root, toolEnv } from './bootstrap.mjs';
import { main, say } from './say.mjs';

const steps = [
  ['lock file', 'npm', 'run', '-s', 'check:lock'],
  ['swagger metadata', 'node', 'tools/api-metadata.mjs'],
  ['format', 'npm', 'run', '-s', 'format:check'],
  ['lint and import rules', 'npm', 'run', '-s', 'lint', '--', '--max-warnings', '0'],
  ['cycles', 'npm', 'run', '-s', 'cycles'],
  ['unused exports', 'npm', 'run', '-s', 'unused'],
  ['types', 'npm', 'run', '-s', 'typecheck'],
  ['unit tests', 'npm', 'run', '-s', 'unit'],
  ['build and sizes', 'npm', 'run', '-s', 'build'],
];

await main(() => {
  const failed = [];
  for (const [name, command, ...args] of steps) {
    say(`\n— ${name}`);
    const { status } = spawnSync(command, args, { cwd: root, env: toolEnv(), stdio: ['ignore', 'inherit', 'inherit'] });
    if (status !== 0) failed.push(name);
  }
  say(failed.length ? `\nFailed: ${failed.join(', ')}` : '\nAll checks passed.');
  return failed.length ? 1 : 0;
});
