import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { Client } from 'pg';
import { freePort } from '../ports';

const tool = (name: string): string => pathToFileURL(path.resolve(__dirname, '../../../../../tools', name)).href;

/** The script that `npm start` runs once everything is installed and built. */
const LAUNCH = `
  const [data, port] = process.argv.slice(1);
  const { launch } = await import('${tool('launch/launch.mjs')}');
  const { main } = await import('${tool('say.mjs')}');
  await main(() => launch({ host: '127.0.0.1', port: Number(port), data }));
`;

const THERE = 'The database is there.';

/** The part of it for the data folder and the database, without the API. */
const LAUNCH_DATABASE = `
  const [data] = process.argv.slice(1);
  const { apiSettings } = await import('${tool('launch/launch.mjs')}');
  const { onStop } = await import('${tool('bootstrap.mjs')}');
  const { main, say } = await import('${tool('say.mjs')}');
  await main(async () => {
    const stops = [];
    const asked = new Promise((done) => onStop(done));
    await apiSettings(process.env, { host: '', port: 0, data }, stops);
    say('${THERE}');
    await asked;
    for (const stop of stops) await stop();
  });
`;

interface Options {
  /** Starts no API. */
  databaseOnly?: boolean;
  /** Receives the output, instead of `written`. */
  output?: number;
}

/** A data folder that also works for a launcher that runs as root, whose database runs as another user. */
export function openFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'webcall-launcher-'));
  chmodSync(folder, 0o711);
  return folder;
}

/** Copies like `cp -r`: the current user owns the copy. Files that vanish meanwhile are left out. */
export const copy = (from: string, to: string): void =>
  cpSync(from, to, { recursive: true, filter: (source) => existsSync(source) });

/** The launcher of `npm start` with its API and its database in `data`. */
export class Launcher {
  written = '';
  readonly exit: Promise<number | null>;

  private constructor(
    readonly data: string,
    readonly url: string,
    readonly child: ChildProcess,
    private readonly databaseOnly: boolean,
  ) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (text: Buffer) => (this.written += text.toString()));
    }
    this.exit = once(child, 'exit').then(([code]) => code as number | null);
  }

  static async spawn(data: string, { databaseOnly = false, output }: Options = {}): Promise<Launcher> {
    const port = await freePort();
    const script = databaseOnly ? LAUNCH_DATABASE : LAUNCH;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, '--', data, String(port)], {
      env: { PATH: process.env['PATH'], APP_ENV: 'test', BCRYPT_COST: '4', THROTTLE_SCALE: '1000', WEB_ROOT: '' },
      stdio: ['ignore', output ?? 'pipe', output ?? 'pipe'],
    });
    return new Launcher(data, `http://127.0.0.1:${port}`, child, databaseOnly);
  }

  static async start(data: string, options?: Options): Promise<Launcher> {
    const launcher = await Launcher.spawn(data, options);
    await launcher.ready();
    return launcher;
  }

  /** Waits until the API serves requests. */
  async ready(): Promise<void> {
    while (this.databaseOnly ? !this.written.includes(THERE) : !(await this.serves())) {
      if (this.ended()) throw new Error(`the launcher ended: ${this.written}`);
      await delay(50);
    }
  }

  serves(): Promise<boolean> {
    return fetch(`${this.url}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
  }

  /** The registration code. */
  get code(): string {
    return this.secrets.registrationCode;
  }

  /** Process id of its database. */
  get postmaster(): number {
    return Number(this.lock[0]);
  }

  async query<R>(sql: string): Promise<R[]> {
    const url = `postgres://webcall:${this.secrets.databasePassword}@127.0.0.1:${this.lock[3]}/webcall`;
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query(sql)).rows as R[];
    } finally {
      await client.end();
    }
  }

  /** Shuts it down, with everything that it started. */
  async stop(): Promise<number | null> {
    if (!this.ended()) this.child.kill('SIGTERM');
    return this.exit;
  }

  /** Kills it, like a crash. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exit;
  }

  private get secrets(): { registrationCode: string; databasePassword: string } {
    return JSON.parse(readFileSync(path.join(this.data, 'secrets.json'), 'utf8')) as never;
  }

  private get lock(): string[] {
    return readFileSync(path.join(this.data, 'pg/postmaster.pid'), 'utf8').split('\n');
  }

  private ended(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }
}

/** State and parent of a process, or nothing. On Linux it does without `ps`, which slim images lack. */
function listed(pid: number): string[] {
  if (process.platform !== 'linux') {
    const { stdout } = spawnSync('ps', ['-o', 'stat=,ppid=', '-p', String(pid)], { encoding: 'utf8' });
    return stdout.trim().split(/\s+/);
  }
  try {
    // They follow the program name, which may contain any characters.
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
  } catch {
    return [];
  }
}

/** Zombies, whose exit code has not been collected yet, do not count as alive. */
export const isAlive = (pid: number): boolean => /^[^ZX]/.test(listed(pid)[0] ?? '');

/** Process id of the parent. */
export const parentOf = (pid: number): number => Number(listed(pid)[1]);

export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await delay(50);
}
