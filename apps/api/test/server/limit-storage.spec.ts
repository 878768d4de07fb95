import Redis from 'ioredis';
import { randomUUID } from 'node:crypto';
import { FallbackLimitStorage } from '../../src/platform/throttling/fallback-limit-storage';
import type { LimitStorage } from '../../src/platform/throttling/limit-storage';
import { MemoryLimitStorage } from '../../src/platform/throttling/memory-limit-storage';
import { RedisLimitStorage } from '../../src/platform/throttling/redis-limit-storage';
import { describeWithRedis, startRedis, type TestRedis } from '../support/redis';

const MINUTE = 60_000;

/** Declares the tests for every limit storage, in memory and in Redis; two replicas share it. */
function contract(open: () => [LimitStorage, LimitStorage]): void {
  let one: LimitStorage;
  let two: LimitStorage;
  let key: string;
  beforeEach(() => {
    [one, two] = open();
    key = randomUUID();
  });

  /** @returns 0, or for how many ms a refused use is blocked */
  const count = async (storage: LimitStorage, limit: number, amount = 1, ttl = MINUTE, by = key): Promise<number> => {
    const { isBlocked, timeToExpire, timeToBlockExpire } = await storage.countLimitUse(
      'limit',
      by,
      { limit, ttl },
      amount,
    );
    expect(timeToBlockExpire).toBe(isBlocked ? timeToExpire : 0);
    return timeToBlockExpire * 1000;
  };

  it('allows as many uses as the limit, over all replicas', async () => {
    const uses = Array.from({ length: 10 }, (_, i) => count(i % 2 ? one : two, 7));
    const left = await Promise.all(uses);
    expect(left.filter((ms) => ms === 0)).toHaveLength(7);
    for (const ms of left.filter((each) => each > 0)) {
      expect(ms).toBeGreaterThan(50_000);
      expect(ms).toBeLessThanOrEqual(MINUTE);
    }
    expect(await count(one, 1, 1, MINUTE, `${key} of another`)).toBe(0);
  });

  it('returns the number of hits and the blocked time to the throttler', async () => {
    const hit = (storage: LimitStorage) => storage.increment(key, MINUTE, 2, 0, 'limit');
    for (const [storage, totalHits, isBlocked] of [
      [one, 1, false],
      [two, 2, false],
      [one, 3, true],
    ] as const) {
      const answer = await hit(storage);
      expect(answer).toEqual({
        totalHits,
        isBlocked,
        timeToExpire: expect.any(Number),
        timeToBlockExpire: expect.any(Number),
      });
      expect(answer.timeToExpire).toBeGreaterThan(50);
      expect(answer.timeToExpire).toBeLessThanOrEqual(60);
      expect(answer.timeToBlockExpire).toBe(isBlocked ? answer.timeToExpire : 0);
    }
    expect((await one.increment(key, MINUTE, 2, 0, 'another limit')).totalHits).toBe(1);
  });

  it('returns the number of hits for a large limit, whose uses are taken in advance', async () => {
    const totals: number[] = [];
    for (let i = 0; i < 100; i++) totals.push((await one.increment(key, MINUTE, 1000, 0, 'limit')).totalHits);
    expect(totals).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
  });

  it('holds a large limit, of which replicas may take a few uses that they do not need', async () => {
    let granted = 0;
    for (let i = 0; i < 1200; i++) if ((await count(i % 2 ? one : two, 1000)) === 0) granted++;
    expect(granted).toBeGreaterThan(980);
    expect(granted).toBeLessThanOrEqual(1000);
  });

  it('returns what is used up without counting a use, over all replicas', async () => {
    const spent = async (storage: LimitStorage, limit: number): Promise<number> =>
      storage.remainingBlockMs('limit', key, limit);
    expect(await spent(two, 2)).toBe(0);
    await count(one, 2);
    for (let i = 0; i < 5; i++) expect(await spent(two, 2)).toBe(0);
    expect(await count(one, 2)).toBe(0);
    const left = await spent(two, 2);
    expect(left).toBeGreaterThan(50_000);
    expect(left).toBeLessThanOrEqual(MINUTE);
    expect(await spent(two, 3)).toBe(0);
  });

  it('counts actions that weigh more than one use, large and small together', async () => {
    const [limit, large] = [10_000, 900];
    let granted = 0;
    for (let i = 0; i < 40; i++) {
      const amount = i % 2 ? large : 10;
      if ((await count(i % 3 ? one : two, limit, amount)) === 0) granted += amount;
    }
    expect(granted).toBeGreaterThan(limit - 2 * large);
    expect(granted).toBeLessThanOrEqual(limit);
  });

  it('starts again when the window is over, regardless of the number of refusals', async () => {
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
    const storage = new MemoryLimitStorage();
    return [storage, storage];
  });

  it('forget windows that are over', () => {
    const storage = new MemoryLimitStorage();
    const now = jest.spyOn(performance, 'now').mockReturnValue(performance.now());
    const rate = { limit: 1, ttl: 10 };
    for (let i = 0; i < 1000; i++) storage.countLimitUse('limit', `key ${i}`, rate);
    expect(storage.rememberedWindowCount).toBe(1000);
    now.mockReturnValue(performance.now() + 61_000);
    storage.countLimitUse('limit', 'another', rate);
    expect(storage.rememberedWindowCount).toBe(1);
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

  describe('without a fallback', () => {
    contract(() => [new RedisLimitStorage(connections[0]), new RedisLimitStorage(connections[1])]);
  });

  describe('with the fallback storage', () => {
    const steady = (connection: Redis): FallbackLimitStorage =>
      new FallbackLimitStorage(new RedisLimitStorage(connection), new Set());
    contract(() => [steady(connections[0]), steady(connections[1])]);
  });
});
