/** Checks the staged files, and only those: it has to take seconds. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { root, toolEnv } from '../bootstrap.mjs';
import { main, Plain } from '../say.mjs';

const run = (command, args, stdio = 'inherit') =>
  spawnSync(command, args, { cwd: root, env: toolEnv(), encoding: 'utf8', stdio });

await main(() => {
  const listing = run('git', ['diff', '--cached', '--name-only', '--diff-filter=ACMR', '-z'], 'pipe');
  if (listing.status !== 0) throw new Plain(`git could not list the staged files: ${listing.stderr}`);
  const staged = listing.stdout.split('\0').filter((file) => file && existsSync(file));
  if (!staged.length || !existsSync('node_modules/.bin/eslint')) return 0;
  const code = staged.filter((file) => /\.(ts|js|mjs|cjs|html)$/.test(file));
  const formatted = run('prettier', ['--check', '--ignore-unknown', ...staged]).status === 0;
  const linted = !code.length || run('eslint', ['--no-warn-ignored', '--max-warnings', '0', ...code]).status === 0;
  if (!formatted || !linted)
    throw new Plain(
      'Not committed: `npm run format` and `npx eslint --fix` mend most of it, --no-verify skips the check.',
    );
  return 0;
});
