import { expect } from '@playwright/test';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { chownSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const CONFIG = path.join(import.meta.dirname, '../../../../turnserver.conf');

/** @returns whether this machine has the programs that `Coturn` needs */
export function hasCoturn(): boolean {
  return ['turnserver', 'openssl'].every((tool) => spawnSync('which', [tool]).status === 0);
}

/** The settings that a test changes from turnserver.conf. */
export interface CoturnOptions {
  secret: string;
  /** Addresses to listen and relay on. */
  addresses: readonly string[];
  port: number;
  tlsPort: number;
  relayPorts: readonly [number, number];
  /** Put before the command to run it in a network namespace. */
  prefix?: readonly string[];
  /** User id it runs as; by default the user who runs the tests. */
  user?: number;
  /** Further command line arguments. */
  more?: readonly string[];
}

/** A coturn process with the project's turnserver.conf, on addresses and ports of the test. */
export class Coturn {
  private readonly folder = mkdtempSync(path.join(tmpdir(), 'webcall-turn-'));
  private child: ChildProcess | undefined;
  /** Everything it has printed. */
  log = '';

  constructor(private readonly options: CoturnOptions) {
    const files = ['-keyout', this.file('key.pem'), '-out', this.file('cert.pem')];
    const certificate = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    const { status } = spawnSync('openssl', [...certificate, ...files, '-days', '2', '-subj', '/CN=turn.test']);
    if (status !== 0) throw new Error('openssl could not make a certificate');
    const { user } = options;
    if (user === undefined) return;
    for (const name of ['', ...readdirSync(this.folder)]) chownSync(this.file(name), user, user);
  }

  async start(): Promise<void> {
    const { secret, addresses, port, tlsPort, relayPorts, prefix = [], user, more = [] } = this.options;
    const [command = '', ...args] = [
      ...prefix,
      ...(user === undefined ? [] : ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--clear-groups']),
      ...['turnserver', '-c', CONFIG, `--static-auth-secret=${secret}`],
      ...addresses.flatMap((address) => [`--listening-ip=${address}`, `--relay-ip=${address}`]),
      ...[`--listening-port=${port}`, `--tls-listening-port=${tlsPort}`],
      ...[`--min-port=${relayPorts[0]}`, `--max-port=${relayPorts[1]}`],
      ...[`--cert=${this.file('cert.pem')}`, `--pkey=${this.file('key.pem')}`],
      // By default both files are at paths that another coturn would use too.
      ...more,
      ...[`--pidfile=${this.file('pid')}`, `--userdb=${this.file('db')}`],
    ];
    this.log = '';
    const child = spawn(command, args, { cwd: this.folder, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child = child;
    for (const output of [child.stdout, child.stderr]) output.on('data', (text) => (this.log += String(text)));
    await expect.poll(() => this.log, { message: 'coturn listens' }).toMatch(/auth thread|Total auth threads/);
  }

  /** Ends it abruptly, like a crash. */
  async kill(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (!child || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private file(name: string): string {
    return path.join(this.folder, name);
  }
}

/** Creates credentials like the server does. @param ttl in seconds; negative for expired credentials */
export function ephemeral(secret: string, ttl: number, userId = 'anna'): [username: string, password: string] {
  const username = `${Math.floor(Date.now() / 1000) + ttl}:${userId}`;
  return [username, createHmac('sha1', secret).update(username).digest('base64')];
}
