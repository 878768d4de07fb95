/** Finds the packages of the repository that the built api needs: an image or a server installs only these. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../bootstrap.mjs';

/** Packages that Nest loads by name at run time. */
const byName = ['@nestjs/platform-express'];

const json = (file) => JSON.parse(readFileSync(path.join(root, file), 'utf8'));

/** @returns the packages that a bundle imports, according to esbuild's metafile */
function imported({ outputs }) {
  const paths = Object.values(outputs).flatMap(({ imports }) => imports.filter(({ external }) => external));
  const names = paths.map(({ path: name }) =>
    name
      .split('/')
      .slice(0, name.startsWith('@') ? 2 : 1)
      .join('/'),
  );
  return [...new Set(names)].filter((name) => !name.startsWith('node:'));
}

/** @returns where Node finds a package that another one imports: in its own folder first, then further out. */
function find(packages, from, name) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const place = `${folder ? `${folder}/` : ''}node_modules/${name}`;
    if (packages[place]) return place;
    if (!folder) return undefined;
  }
}

/** @returns the part of the lock that some packages need, without packages that are only optional peers. */
function reachable(packages, names) {
  const found = {};
  const visit = (from, name) => {
    const place = find(packages, from, name);
    if (!place || found[place]) return;
    const entry = (found[place] = packages[place]);
    const { dependencies, optionalDependencies, peerDependencies = {}, peerDependenciesMeta = {} } = entry;
    const peers = Object.keys(peerDependencies).filter((peer) => !peerDependenciesMeta[peer]?.optional);
    for (const next of [...Object.keys({ ...dependencies, ...optionalDependencies }), ...peers]) visit(place, next);
  };
  for (const name of names) visit('', name);
  return Object.fromEntries(Object.entries(found).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * Writes package.json and package-lock.json of the built api, for `npm ci`.
 * @param folder of the bundle
 * @param metafile esbuild's description of the bundle
 */
export function writeApiPackages(folder, metafile) {
  const { name, version, license, type, dependencies, overrides } = json('package.json');
  const lock = json('package-lock.json');
  const wanted = [...imported(metafile), ...byName].sort();
  const unknown = wanted.filter((each) => !dependencies[each]);
  if (unknown.length > 0) throw new Error(`the api needs ${unknown.join(', ')}, which are no dependencies`);
  const top = {
    name,
    version,
    license,
    dependencies: Object.fromEntries(wanted.map((each) => [each, dependencies[each]])),
  };
  const write = (file, value) =>
    writeFileSync(path.join(root, folder, file), `${JSON.stringify(value, undefined, 2)}\n`);
  write('package.json', { ...top, private: true, type, overrides });
  write('package-lock.json', { ...lock, packages: { '': top, ...reachable(lock.packages, wanted) } });
}
