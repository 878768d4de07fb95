import { randomUUID } from 'node:crypto';
import Redis from 'ioredis';
import type { LimitStorage } from '../../src/platform/throttling/limit-storage';
import { MemoryStorage } from '../../src/platform/throttling/memory-storage';
import { RedisStorage } from '../../src/platform/throttling/redis-storage';
import { SteadyStorage } from '../../src/platform/throttling/steady-storage';
import { describeWithRedis, startRedis, type TestRedis } from '../support/redis';

const MINUTE = 60_000;

/** What storages of limits keep to, in memory and in Redis; two replicas share them. */
function contract(open: () => [LimitStorage, LimitStorage]): void {
  let one: LimitStorage;
  let two: LimitStorage;
  let key: string;
  beforeEach(() => {
    [one, two] = open();
    key = randomUUID();
  });

  /** @returns 0, or when the use is refused for how many ms */
  const count = async (storage: LimitStorage, limit: number, amount = 1, ttl = MINUTE, by = key): Promise<number> => {
    const { isBlocked, timeToExpire, timeToBlockExpire } = await storage.count('limit', by, { limit, ttl }, amount);
    expect(timeToBlockExpire).toBe(isBlocked ? timeToExpire : 0);
    return timeToBlockExpire * 1000;
  };

  it('lets through as many as the limit says, of all replicas together', async () => {
    const uses = Array.from({ length: 10 }, (_, i) => count(i % 2 ? one : two, 7));
    const left = await Promise.all(uses);
    expect(left.filter((ms) => ms === 0)).toHaveLength(7);
    for (const ms of left.filter((each) => each > 0)) {
      expect(ms).toBeGreaterThan(50_000);
      expect(ms).toBeLessThanOrEqual(MINUTE);
    }
    expect(await count(one, 1, 1, MINUTE, `${key} of another`)).toBe(0);
  });

  it('tells the throttler how often there was a hit, and for how long there are no more', async () => {
    const hit = (storage: LimitStorage) => storage.increment(key, MINUTE, 2, 0, 'limit');
    for (const [storage, totalHits, isBlocked] of [
      [one, 1, false],
      [two, 2, false],
      [one, 3, true],
    ] as const) {
      const told = await hit(storage);
      expect(told).toEqual({
        totalHits,
        isBlocked,
        timeToExpire: expect.any(Number),
        timeToBlockExpire: expect.any(Number),
      });
      expect(told.timeToExpire).toBeGreaterThan(50);
      expect(told.timeToExpire).toBeLessThanOrEqual(60);
      expect(told.timeToBlockExpire).toBe(isBlocked ? told.timeToExpire : 0);
    }
    expect((await one.increment(key, MINUTE, 2, 0, 'another limit')).totalHits).toBe(1);
  });

  it('tells how often there was a hit of a large limit, of which uses are taken in advance', async () => {
    const totals: number[] = [];
    for (let i = 0; i < 100; i++) totals.push((await one.increment(key, MINUTE, 1000, 0, 'limit')).totalHits);
    expect(totals).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
  });

  it('keeps to a large limit, of which replicas may take a few uses that they do not need', async () => {
    let granted = 0;
    for (let i = 0; i < 1200; i++) if ((await count(i % 2 ? one : two, 1000)) === 0) granted++;
    expect(granted).toBeGreaterThan(980);
    expect(granted).toBeLessThanOrEqual(1000);
  });

  it('tells what is used up without counting, of all replicas together', async () => {
    const spent = async (storage: LimitStorage, limit: number): Promise<number> => storage.spent('limit', key, limit);
    expect(await spent(two, 2)).toBe(0);
    await count(one, 2);
    for (let i = 0; i < 5; i++) expect(await spent(two, 2)).toBe(0);
    expect(await count(one, 2)).toBe(0);
    const left = await spent(two, 2);
    expect(left).toBeGreaterThan(50_000);
    expect(left).toBeLessThanOrEqual(MINUTE);
    expect(await spent(two, 3)).toBe(0);
  });

  it('counts what weighs more than one use, large and small together', async () => {
    const [limit, large] = [10_000, 900];
    let granted = 0;
    for (let i = 0; i < 40; i++) {
      const amount = i % 2 ? large : 10;
      if ((await count(i % 3 ? one : two, limit, amount)) === 0) granted += amount;
    }
    expect(granted).toBeGreaterThan(limit - 2 * large);
    expect(granted).toBeLessThanOrEqual(limit);
  });

  it('begins anew when the window is over, however often it was refused', async () => {
    const start = performance.now();
    expect(await count(one, 1, 1, 200)).toBe(0);
    let refused = 0;
    while ((await count(two, 1, 1, 200)) > 0) refused++;
    expect(refused).toBeGreaterThan(1);
    expect(performance.now() - start).toBeGreaterThan(190);
  });
}

describe('limits in memory', () => {
  contract(() => {
    const storage = new MemoryStorage();
    return [storage, storage];
  });

  it('forget what is over', () => {
    const storage = new MemoryStorage();
    const now = jest.spyOn(performance, 'now').mockReturnValue(performance.now());
    const rate = { limit: 1, ttl: 10 };
    for (let i = 0; i < 1000; i++) storage.count('limit', `key ${i}`, rate);
    expect(storage.size).toBe(1000);
    now.mockReturnValue(performance.now() + 61_000);
    storage.count('limit', 'another', rate);
    expect(storage.size).toBe(1);
    now.mockRestore();
  });
});

describeWithRedis('limits in Redis', () => {
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

  describe('as they are', () => {
    contract(() => [new RedisStorage(connections[0]), new RedisStorage(connections[1])]);
  });

  describe('with what is known of them', () => {
    const steady = (connection: Redis): SteadyStorage => new SteadyStorage(new RedisStorage(connection), new Set());
    contract(() => [steady(connections[0]), steady(connections[1])]);
  });
});
