/** Builds both apps, compresses what the web server hands out, and fails when a page got too heavy. */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { root, toolEnv } from './bootstrap.mjs';
import { main } from './say.mjs';
import { compressWeb } from './compress.mjs';
import { checkSizes } from './sizes.mjs';

await main(() => {
  const nx = createRequire(import.meta.url).resolve('nx/bin/nx.js');
  const { status } = spawnSync(process.execPath, [nx, 'run-many', '-t', 'build'], {
    cwd: root,
    env: toolEnv(),
    stdio: 'inherit',
  });
  if (status !== 0) return 1;
  compressWeb();
  return checkSizes() ? 0 : 1;
});
