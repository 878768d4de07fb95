import { randomUUID } from 'node:crypto';
import Redis from 'ioredis';
import type { Counters } from '../src/platform/throttling/counters';
import { MemoryCounters } from '../src/platform/throttling/memory-counters';
import { RedisCounters } from '../src/platform/throttling/redis-counters';
import { describeWithRedis, startRedis, type TestRedis } from './support/redis';

/** What counters keep to, in memory and in Redis; two replicas share them. */
function contract(open: () => [Counters, Counters]): void {
  let one: Counters;
  let two: Counters;
  let key: string;
  beforeEach(() => {
    [one, two] = open();
    key = randomUUID();
  });

  it('lets through as many as the limit says, of all replicas together', async () => {
    const uses = Array.from({ length: 10 }, (_, i) => (i % 2 ? one : two).count(key, 60_000, 7));
    const left = await Promise.all(uses);
    expect(left.filter((ms) => ms === 0)).toHaveLength(7);
    for (const ms of left.filter((each) => each > 0)) {
      expect(ms).toBeGreaterThan(50_000);
      expect(ms).toBeLessThanOrEqual(60_000);
    }
    expect(await one.count(`${key} of another`, 60_000, 1)).toBe(0);
  });

  it('keeps to a large limit, of which replicas may take a few uses that they do not need', async () => {
    let granted = 0;
    for (let i = 0; i < 1200; i++) if ((await (i % 2 ? one : two).count(key, 60_000, 1000)) === 0) granted++;
    expect(granted).toBeGreaterThan(980);
    expect(granted).toBeLessThanOrEqual(1000);
  });

  it('tells what is used up without counting, of all replicas together', async () => {
    expect(await two.spent(key, 2)).toBe(0);
    await one.count(key, 60_000, 2);
    for (let i = 0; i < 5; i++) expect(await two.spent(key, 2)).toBe(0);
    expect(await one.count(key, 60_000, 2)).toBe(0);
    const left = await two.spent(key, 2);
    expect(left).toBeGreaterThan(50_000);
    expect(left).toBeLessThanOrEqual(60_000);
    expect(await two.spent(key, 3)).toBe(0);
  });

  it('counts what weighs more than one use, large and small together', async () => {
    const [limit, large] = [10_000, 900];
    let granted = 0;
    for (let i = 0; i < 40; i++) {
      const amount = i % 2 ? large : 10;
      if ((await (i % 3 ? one : two).count(key, 60_000, limit, amount)) === 0) granted += amount;
    }
    expect(granted).toBeGreaterThan(limit - 2 * large);
    expect(granted).toBeLessThanOrEqual(limit);
  });

  it('begins anew when the window is over, however often it was refused', async () => {
    const start = performance.now();
    expect(await one.count(key, 200, 1)).toBe(0);
    let refused = 0;
    while ((await two.count(key, 200, 1)) > 0) refused++;
    expect(refused).toBeGreaterThan(1);
    expect(performance.now() - start).toBeGreaterThan(190);
  });
}

describe('counters in memory', () => {
  contract(() => {
    const counters = new MemoryCounters();
    return [counters, counters];
  });

  it('forget what is over', async () => {
    const counters = new MemoryCounters();
    const now = jest.spyOn(performance, 'now').mockReturnValue(performance.now());
    for (let i = 0; i < 1000; i++) await counters.count(`key ${i}`, 10, 1);
    expect(counters.size).toBe(1000);
    now.mockReturnValue(performance.now() + 61_000);
    await counters.count('another', 10, 1);
    expect(counters.size).toBe(1);
    now.mockRestore();
  });
});

describeWithRedis('counters in Redis', () => {
  let server: TestRedis;
  let connections: [Redis, Redis];
  beforeAll(async () => {
    server = await startRedis();
    connections = [new Redis(server.url), new Redis(server.url)];
  });
  afterAll(async () => {
    for (const connection of connections) connection.disconnect();
    await server.stop();
  });
  contract(() => [new RedisCounters(connections[0]), new RedisCounters(connections[1])]);
});
