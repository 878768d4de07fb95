/** A Redis server for the benchmarks alone, which stores nothing on the disk. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Redis } from 'ioredis';
import { freePort } from '../launch/pg.mjs';
import { Plain } from '../say.mjs';
import { redis as findRedis } from '../testing/system.mjs';

/** @returns its URL and a function that stops it, once it answers */
export async function startRedis() {
  const server = findRedis();
  if (!server) throw new Plain('The benchmarks need redis-server.');
  const port = await freePort();
  const child = spawn(server, ['--port', String(port), '--bind', '127.0.0.1', '--save', ''], { stdio: 'ignore' });
  const client = new Redis(port, '127.0.0.1', { maxRetriesPerRequest: null });
  // Refused connections are tried again until the server listens.
  client.on('error', () => undefined);
  const ended = once(child, 'exit').then(() => Promise.reject(new Error('redis-server ended by itself')));
  try {
    await Promise.race([client.ping(), ended]);
  } finally {
    client.disconnect();
  }
  ended.catch(() => undefined);
  return { url: `redis://127.0.0.1:${port}`, stop: () => child.kill() };
}
