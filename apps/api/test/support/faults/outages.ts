import Redis from 'ioredis';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Postgres } from '../../../../../tools/launch/pg.mjs';
import { quietPort } from '../ports';

/** A Redis that can be stopped and started at its address. */
export class FragileRedis {
  private server: ChildProcess | undefined;

  private constructor(
    private readonly port: number,
    private readonly folder: string,
  ) {}

  static async start(): Promise<FragileRedis> {
    const redis = new FragileRedis(await quietPort(), mkdtempSync(path.join(tmpdir(), 'webcall-redis-')));
    await redis.start();
    return redis;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const at = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.folder];
    const server = spawn(process.env['REDIS_SERVER'] ?? 'redis-server', [...at, '--save', '', '--appendonly', 'no'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.once('exit', (code) => reject(new Error(`redis-server ended with ${code}`)));
      server.stdout.on('data', (text: Buffer) => text.includes('Ready to accept connections') && resolve());
    });
  }

  /** Shuts it down. With `keep` its data is back after the next start; otherwise it is lost. */
  async stop({ keep }: { keep: boolean }): Promise<void> {
    if (!keep) rmSync(path.join(this.folder, 'dump.rdb'), { force: true });
    const exited = once(this.server as ChildProcess, 'exit');
    const client = new Redis(this.url, { retryStrategy: () => null });
    // It answers by closing the connection.
    client.on('error', () => undefined);
    await (keep ? client.shutdown('SAVE') : client.shutdown('NOSAVE')).catch(() => undefined);
    await exited;
  }

  /** Freezes it without closing connections, like a machine that hangs. */
  freeze(frozen: boolean): void {
    this.server?.kill(frozen ? 'SIGSTOP' : 'SIGCONT');
  }

  async end(): Promise<void> {
    this.freeze(false);
    await this.stop({ keep: false });
    rmSync(this.folder, { recursive: true });
  }
}

/** A PostgreSQL server for one test that can be restarted at its address. It keeps all acknowledged data. */
export class FragilePostgres {
  private constructor(
    private readonly options: { folder: string; password: string; port: number },
    private server: Postgres,
  ) {}

  static async start(): Promise<FragilePostgres> {
    const folder = mkdtempSync(path.join(tmpdir(), 'webcall-postgres-'));
    // PostgreSQL may run as another user, who needs access to its data.
    chmodSync(folder, 0o711);
    const options = { folder: path.join(folder, 'pg'), password: 'of-a-test', port: await quietPort() };
    return new FragilePostgres(options, await startPostgres(options));
  }

  get url(): string {
    return this.server.url;
  }

  /** `fast` closes connections properly; `immediate` is a crash, after which the next start recovers from the log. */
  stop(how: 'fast' | 'immediate'): Promise<void> {
    return this.server.stop(how === 'fast' ? 'SIGINT' : 'SIGQUIT');
  }

  async start(): Promise<void> {
    this.server = await startPostgres(this.options);
  }

  async end(): Promise<void> {
    await this.stop('fast');
    rmSync(path.dirname(this.options.folder), { recursive: true });
  }
}

async function startPostgres(options: { folder: string; password: string; port: number }): Promise<Postgres> {
  const tools = await import('../../../../../tools/launch/pg.mjs');
  return tools.startPostgres(options);
}
