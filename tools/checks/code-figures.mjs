/**
 * `npm run figures`: prints figures of the code's layout and names. Two of them have limits, which make it fail; the
 * others have goals and are only printed.
 */
import { globSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import ts from 'typescript';
import { root } from '../bootstrap.mjs';
import { main, say } from '../say.mjs';

// Loaded with require, because its ES module imports one of its own files by a name that Node.js does not find.
const require = createRequire(import.meta.url);
const { detectClones } = require('jscpd');

const MOST_FILES = 20;
const SHORT_FILE = 15;
const SHORT_FILES = 0.05;

/** Names that a framework or a library prescribes. */
const HOOKS = new Set([
  ...['afterInit', 'handleConnection', 'handleDisconnect', 'canActivate', 'catch', 'intercept', 'transform', 'use'],
  ...[
    'onModuleInit',
    'onModuleDestroy',
    'onApplicationBootstrap',
    'onApplicationShutdown',
    'beforeApplicationShutdown',
  ],
  ...['ngOnInit', 'ngOnChanges', 'ngAfterViewInit', 'ngOnDestroy', 'updateTitle', 'matchMedia', 'configure'],
  ...['createIOServer', 'bindMessageHandlers', 'increment', 'handleRequest', 'up', 'down', 'constructor'],
  ...['log', 'error', 'warn', 'debug', 'verbose', 'logQuery', 'logQueryError', 'logQuerySlow', 'query'],
]);

const files = globSync('{apps,libs,tools}/**/*.{ts,mts,mjs,cjs}', { cwd: root })
  .filter((file) => !/(^|\/)(node_modules|dist)\/|\.spec\.ts$|\.d\.m?ts$|^apps\/api\/src\/metadata\.ts$/.test(file))
  .sort();
const isTestCode = (file) => /(^|\/)(test|testing|e2e)\//.test(file);
const product = files.filter((file) => /^(apps|libs)\//.test(file) && !isTestCode(file));
const lines = (file) => readFileSync(path.join(root, file), 'utf8').trimEnd().split('\n').length;

/** @returns the folders with more files than allowed, as `folder: number` */
function flatFolders() {
  const counts = Map.groupBy(files, (file) => path.dirname(file));
  return [...counts]
    .filter(([, some]) => some.length > MOST_FILES)
    .map(([folder, some]) => `${folder}: ${some.length}`);
}

/** @returns the methods of classes and the exported names of a file, without the hooks of frameworks */
function definitionsOf(file) {
  const source = ts.createSourceFile(file, readFileSync(path.join(root, file), 'utf8'), ts.ScriptTarget.Latest, true);
  const found = [];
  const visit = (node) => {
    const exported =
      ts.canHaveModifiers(node) && ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
    if (exported && ts.isVariableStatement(node))
      for (const { name } of node.declarationList.declarations) found.push({ file, name: name.getText() });
    else if (exported && node.name) found.push({ file, name: node.name.getText() });
    if (ts.isMethodDeclaration(node) && ts.isClassLike(node.parent))
      found.push({ file, name: node.name.getText(), method: true });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found.filter(({ name }) => !HOOKS.has(name));
}

function names() {
  const definitions = product.flatMap(definitionsOf);
  const methods = definitions.filter(({ method }) => method);
  const filesByName = new Map();
  for (const { file, name } of definitions) filesByName.set(name, (filesByName.get(name) ?? new Set()).add(file));
  const common = definitions.filter(({ name }) => filesByName.get(name).size >= 4);
  return {
    meanLength: methods.reduce((sum, { name }) => sum + name.length, 0) / methods.length,
    commonShare: common.length / definitions.length,
    commonest: [...filesByName]
      .filter(([, some]) => some.size >= 4)
      .sort(([, some], [, others]) => others.size - some.size)
      .slice(0, 10)
      .map(([name, some]) => `${name} ${some.size}`),
  };
}

/** @returns the share of duplicated lines in the product, and the number of their places */
async function writtenTwice() {
  const clones = await detectClones({
    path: ['apps/api/src', 'apps/web/src', 'libs'].map((folder) => path.join(root, folder)),
    ignore: ['**/*.spec.ts', '**/testing/**', '**/metadata.ts', '**/i18n/**'],
    minLines: 5,
    minTokens: 40,
    silent: true,
    reporters: [],
  });
  const cloned = clones.reduce((sum, { duplicationA: { start, end } }) => sum + end.line - start.line + 1, 0);
  return { share: cloned / product.reduce((sum, file) => sum + lines(file), 0), places: clones.length };
}

const percent = (share) => `${(share * 100).toFixed(1)} %`;

await main(async () => {
  const flat = flatFolders();
  const short = product.filter((file) => lines(file) < SHORT_FILE);
  const { meanLength, commonShare, commonest } = names();
  const twice = await writtenTwice();
  say(
    `Folders with more than ${MOST_FILES} source files: ${flat.length === 0 ? 'none' : flat.join(', ')} (limit: none)`,
  );
  say(
    `Files of less than ${SHORT_FILE} lines: ${percent(short.length / product.length)} (limit: ${percent(SHORT_FILES)})`,
  );
  say(`Mean length of a method's name: ${meanLength.toFixed(1)} letters (goal: over 10)`);
  say(
    `Names that stand in four or more files: ${percent(commonShare)} of all (goal: under 12 %): ${commonest.join(', ')}`,
  );
  say(`Lines written twice: ${percent(twice.share)}, in ${twice.places} places`);
  if (flat.length === 0 && short.length / product.length <= SHORT_FILES) return 0;
  for (const file of short) say(`  ${file}: ${lines(file)} lines`);
  return 1;
});
