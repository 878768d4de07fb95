/**
 * Runs after an installation: turns the git hooks on, if there is a git repository, and deletes unused files of the
 * packages, which are a fifth of the whole.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';

if (existsSync('.git') && !process.env.CI) {
  const { error } = spawnSync('git', ['config', 'core.hooksPath', '.githooks']);
  if (error && error.code !== 'ENOENT') process.stderr.write(`The git hooks are off: ${error.message}\n`);
}

/** C++ headers for builds of native modules, and source maps of packages. */
const headers = readdirSync('node_modules')
  .filter((name) => name.startsWith('node-'))
  .map((name) => path.join('node_modules', name, 'include'));
const maps = readdirSync('node_modules', { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.map'))
  .map((entry) => path.join(entry.parentPath, entry.name));
for (const unused of [...headers, ...maps]) rmSync(unused, { recursive: true, force: true });
