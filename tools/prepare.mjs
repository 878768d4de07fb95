/** After an installation: turns the git hooks on, where there is a git repository. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

if (existsSync('.git') && !process.env.CI) {
  const { error } = spawnSync('git', ['config', 'core.hooksPath', '.githooks']);
  if (error && error.code !== 'ENOENT') process.stderr.write(`The git hooks are off: ${error.message}\n`);
}
