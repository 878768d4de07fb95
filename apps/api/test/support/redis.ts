import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { freePort } from './ports';

/** A Redis server for one test. */
export interface TestRedis {
  url: string;
  stop: () => Promise<void>;
}

/** Declares tests that need Redis: without a server on the machine they are reported as skipped. */
export const describeWithRedis = process.env['REDIS_SERVER'] ? describe : describe.skip;

/** Like `describeWithRedis`, for one test. */
export const itWithRedis = process.env['REDIS_SERVER'] ? it : it.skip;

/** Starts the Redis that `REDIS_SERVER` names, on a free port unless one is given, without persistence. */
export async function startRedis(requestedPort?: number): Promise<TestRedis> {
  const port = requestedPort ?? (await freePort());
  const server = spawn(
    process.env['REDIS_SERVER'] ?? 'redis-server',
    ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.once('exit', (code) => reject(new Error(`redis-server ended with ${code}`)));
    server.stdout.on('data', (text: Buffer) => text.includes('Ready to accept connections') && resolve());
  });
  return {
    url: `redis://127.0.0.1:${port}`,
    stop: async () => {
      server.kill();
      await once(server, 'exit');
    },
  };
}
