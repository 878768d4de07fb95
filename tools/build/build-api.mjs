/**
 * Bundles the api into dist/apps/api, with a list of the packages it needs, or for `npm run dev` into dist/dev/api. Given
 * a file and a folder, bundles that file alone: a server that a test has extended.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { transform } from '@swc/core';
import { build, context } from 'esbuild';
import { generateMetadata } from './api-metadata.mjs';
import { writeApiPackages } from './api-packages.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** Compiles with swc, because esbuild alone drops the decorator metadata that Nest and TypeORM need. */
const swc = {
  name: 'swc',
  setup(build) {
    build.onLoad({ filter: /\.ts$/ }, async ({ path: filename }) => {
      const { code } = await transform(await readFile(filename, 'utf8'), {
        filename,
        sourceMaps: 'inline',
        configFile: false,
        swcrc: false,
        jsc: {
          target: 'es2023',
          keepClassNames: true,
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
        },
      });
      return { loader: 'js', contents: code };
    });
  },
};

const entries = ['main', 'data-source', 'reset-link', 'jobs']
  .map((name) => `apps/api/src/${name}.ts`)
  .filter((file) => existsSync(path.join(root, file)));

const options = (entryPoints, outdir) => ({
  absWorkingDir: root,
  entryPoints,
  outdir,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  packages: 'external',
  sourcemap: true,
  keepNames: true,
  tsconfig: 'tsconfig.base.json',
  plugins: [swc],
  logLevel: 'warning',
});

/** Rebuilds on every change; `onBuilt` is called after each build that succeeded. */
export async function watchApi(onBuilt) {
  generateMetadata();
  const watcher = await context({
    ...options(entries, 'dist/dev/api'),
    plugins: [
      swc,
      { name: 'built', setup: (build) => build.onEnd(({ errors }) => (errors.length ? undefined : onBuilt())) },
    ],
  });
  await watcher.watch();
  return watcher;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [entry, folder] = process.argv.slice(2);
  if (entry) {
    await build(options([entry], folder));
  } else {
    generateMetadata();
    const { metafile } = await build({ ...options(entries, 'dist/apps/api'), metafile: true });
    writeApiPackages('dist/apps/api', metafile);
  }
}
