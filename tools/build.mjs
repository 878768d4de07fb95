/** Builds both apps, compresses the files of the web client, and fails when a page is larger than its budget. */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { root, stamped, toolEnv } from './bootstrap.mjs';
import { compressWeb } from './build/compress.mjs';
import { main } from './say.mjs';
import { checkSizes } from './build/sizes.mjs';

function buildAll() {
  const nx = createRequire(import.meta.url).resolve('nx/bin/nx.js');
  const { status } = spawnSync(process.execPath, [nx, 'run-many', '-t', 'build'], {
    cwd: root,
    env: toolEnv(),
    stdio: 'inherit',
  });
  if (status !== 0) return false;
  compressWeb();
  return checkSizes();
}

await main(() => (stamped(buildAll) ? 0 : 1));
