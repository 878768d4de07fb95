import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Redis from 'ioredis';
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

  /** Stops it in order. What it held is there again after the next start, or lost. */
  async stop({ keep }: { keep: boolean }): Promise<void> {
    if (!keep) rmSync(path.join(this.folder, 'dump.rdb'), { force: true });
    const gone = once(this.server as ChildProcess, 'exit');
    const client = new Redis(this.url, { retryStrategy: () => null });
    // It answers by closing the connection.
    client.on('error', () => undefined);
    await (keep ? client.shutdown('SAVE') : client.shutdown('NOSAVE')).catch(() => undefined);
    await gone;
  }

  /** Lets it stand still without closing a connection, as a machine does that hangs. */
  freeze(frozen: boolean): void {
    this.server?.kill(frozen ? 'SIGSTOP' : 'SIGCONT');
  }

  async end(): Promise<void> {
    this.freeze(false);
    await this.stop({ keep: false });
    rmSync(this.folder, { recursive: true });
  }
}

/** A PostgreSQL of a test's own that can be restarted at its address. It keeps what it has acknowledged. */
export class FragilePostgres {
  private constructor(
    private readonly options: { folder: string; password: string; port: number },
    private server: Postgres,
  ) {}

  static async start(): Promise<FragilePostgres> {
    const folder = mkdtempSync(path.join(tmpdir(), 'webcall-postgres-'));
    // PostgreSQL may run as another user, who has to get to its data.
    chmodSync(folder, 0o711);
    const options = { folder: path.join(folder, 'pg'), password: 'of-a-test', port: await quietPort() };
    return new FragilePostgres(options, await startPostgres(options));
  }

  get url(): string {
    return this.server.url;
  }

  /** `fast` ends connections in order, `immediate` is a crash: at the next start it recovers from its log. */
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
