import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(__dirname, '../../../..');
const inDocs = globSync('docs/{,adr/}*.md', { cwd: root }).sort();
const documents = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md', ...inDocs];

/** Files are made there, or kept out of the repository. */
const GENERATED = /(^|\/)(dist|node_modules|\.data)(\/|$)|^apps\/api\/src\/metadata\.ts$/;
/** A path from the root of the repository. `…` stands for folders that are left out. */
const REPOSITORY_PATH = /^(?:apps|libs|tools|docs|deploy|migrations|\.ci)\/[\w.,@*{}/…-]*$/;
/** The name of a source file, without its folder. */
const FILE_NAME = /^[\w.,@*{}-]+\.(?:ts|mjs)$/;

const sourceNames = new Set(
  globSync('{apps,libs,tools,migrations}/**/*.{ts,mjs}', { cwd: root })
    .filter((file) => !GENERATED.test(file))
    .map((file) => path.basename(file)),
);

/** Each alternative in braces has to exist, so that a pattern does not hide one that is gone. */
function expandBraces(pattern: string): string[] {
  const [whole, before = '', inside = '', after = ''] = /^([^{]*)\{([^{}]*)\}(.*)$/.exec(pattern) ?? [];
  if (whole === undefined) return [pattern];
  return inside.split(',').flatMap((alternative) => expandBraces(before + alternative + after));
}

function pathExists(place: string): boolean {
  const pattern = place.replaceAll('…', '**').replace(/\/$/, '');
  return pattern.includes('*') ? globSync(pattern, { cwd: root }).length > 0 : existsSync(path.join(root, pattern));
}

function sourceNameExists(name: string): boolean {
  if (!name.includes('*')) return sourceNames.has(name);
  return [...sourceNames].some((known) => path.matchesGlob(known, name));
}

/** @returns what a document names in code spans or links to, and does not exist */
function findStaleReferences(document: string): string[] {
  const prose = readFileSync(path.join(root, document), 'utf8').replace(/^```[\s\S]*?^```/gm, '');
  const words = [...prose.matchAll(/`([^`\n]+)`/g)].flatMap(([, span = '']) => span.split(/\s+/));
  const paths = words.filter((word) => REPOSITORY_PATH.test(word)).flatMap(expandBraces);
  const names = words.filter((word) => FILE_NAME.test(word)).flatMap(expandBraces);
  const links = [...prose.replace(/`[^`\n]+`/g, '').matchAll(/\]\(([^)\s#]+)[^)]*\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => !/^(?:[a-z]+:|\/)/.test(link))
    .map((link) => path.posix.join(path.posix.dirname(document), link));
  return [
    ...paths.filter((place) => !GENERATED.test(place) && !pathExists(place)),
    ...names.filter((name) => !sourceNameExists(name)),
    ...links.filter((link) => !existsSync(path.join(root, link))),
  ];
}

it('finds the documents and the sources', () => {
  expect(documents).toEqual(expect.arrayContaining(['docs/architecture.md', 'docs/glossary.md']));
  expect(documents.some((document) => document.startsWith('docs/adr/'))).toBe(true);
  expect(sourceNames.size).toBeGreaterThan(300);
});

it.each(documents)('%s names only files and folders that exist', (document) => {
  expect(findStaleReferences(document)).toEqual([]);
});
