/**
 * Fails when package-lock.json could not be installed elsewhere: `npm ci` stops with "Missing … from lock file" when an
 * optional package of a locked one is not in the lock, and other machines may lack a private registry or folder.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../bootstrap.mjs';
import { main, say } from '../say.mjs';

const { packages } = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'));

/** Searches for a package from `place` towards the root, as Node does. */
function reachable(place, name) {
  for (let current = place; ;) {
    if (packages[`${current ? `${current}/` : ''}node_modules/${name}`]) return true;
    if (!current) return false;
    const parent = current.lastIndexOf('node_modules/');
    current = parent <= 0 ? '' : current.slice(0, parent - 1);
  }
}

await main(() => {
  const problems = [];
  for (const [place, { version, resolved, link, optionalDependencies = {} }] of Object.entries(packages)) {
    const where = place || '(root)';
    if (resolved && !resolved.startsWith('https://registry.npmjs.org/'))
      problems.push(`${where} comes from ${resolved}: only the public registry may be named`);
    if (link) problems.push(`${where} is a link to a folder`);
    for (const [name, wanted] of Object.entries(optionalDependencies)) {
      if (!reachable(place, name))
        problems.push(`${where} ${version ?? ''} wants ${name} ${wanted}, which the lock lacks`);
    }
  }
  for (const problem of problems) say(problem);
  return problems.length ? 1 : 0;
});
