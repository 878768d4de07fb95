/** Measures how much a browser fetches, compressed, to show a page; fails when a page is larger than its budget. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { web } from './compress.mjs';
import { Plain, say } from '../say.mjs';

/** Chunks that a page loads, by the beginning of their source; a later page includes those of the pages before it. */
const toSignIn = ['i18n/en/', 'features/auth/sign-in-page.ts'];
const toCall = [
  ...toSignIn,
  'node_modules/socket.io-client/',
  'shell/shell.ts',
  'features/home/home-page.ts',
  'features/rooms/',
  'features/chat/',
  'features/call/',
];

const pages = [
  { name: 'the sign-in page', budget: 200, chunks: toSignIn },
  { name: 'a running call', budget: 450, chunks: toCall },
];

const stats = path.join(web, 'browser-stats.json');

/** @returns whether all pages are within their budgets */
export function checkSizes() {
  if (!existsSync(stats)) throw new Plain(`${stats} is missing: the sizes cannot be measured.`);
  const { outputs } = JSON.parse(readFileSync(stats, 'utf8'));
  const index = linked(readFileSync(path.join(web, 'index.html'), 'utf8'));
  const reports = pages.map(({ name, budget, chunks }) => {
    const files = closure(outputs, [...index, ...chunks.flatMap((source) => starting(outputs, source))]);
    const size = (ending) => [...files, 'index.html'].reduce((sum, file) => sum + sizeOf(file, ending), 0) / 1000;
    return { name, budget, brotli: size('.br'), gzip: size('.gz'), files: files.size + 1 };
  });
  for (const { name, budget, brotli, gzip, files } of reports) {
    const verdict = brotli > budget ? `too much, the budget is ${budget} kB` : `of ${budget} kB`;
    say(`To ${name}: ${brotli.toFixed(1)} kB ${verdict} (brotli; gzip ${gzip.toFixed(1)} kB, ${files} files)`);
  }
  return reports.every(({ brotli, budget }) => brotli <= budget);
}

/** @returns the page's own files that its HTML names. */
const linked = (html) =>
  [...html.matchAll(/(?:src|href)="([^"]+\.(?:js|css|svg|webmanifest|woff2))"/g)].map(([, file]) =>
    file.replace(/^\//, ''),
  );

function starting(outputs, source) {
  const found = Object.entries(outputs).filter(([, { entryPoint }]) =>
    entryPoint?.replace(/^apps\/web\/src\/(app\/)?/, '').startsWith(source),
  );
  if (!found.length) throw new Plain(`No chunk begins with ${source}: tools/build/sizes.mjs has to follow the pages.`);
  return found.map(([file]) => file).filter((file) => file.endsWith('.js'));
}

/** @returns the files and all files that they import statically. */
function closure(outputs, files) {
  const all = new Set();
  const visit = (file) => {
    if (all.has(file)) return;
    all.add(file);
    for (const { path: next, kind, external } of outputs[file]?.imports ?? [])
      if (kind === 'import-statement' && !external) visit(next);
  };
  files.forEach(visit);
  return all;
}

const sizeOf = (file, ending) => {
  const plain = path.join(web, file);
  return statSync(existsSync(plain + ending) ? plain + ending : plain).size;
};
