import { Logger } from '@nestjs/common';
import { FallbackLimitStorage } from './fallback-limit-storage';
import { type LimitHits, type LimitRate, LimitStorage, toLimitHits } from './limit-storage';

const RATE: LimitRate = { limit: 2, ttl: 60_000 };

/** A shared storage whose results are set by each test. */
class Shared extends LimitStorage {
  readonly countLimitUse = jest.fn<Promise<LimitHits>, []>();
  readonly remainingBlockMs = jest.fn<Promise<number>, []>();
}

let shared: Shared;
let storage: FallbackLimitStorage;
let clock: jest.SpyInstance<number, []>;
beforeEach(() => {
  shared = new Shared();
  storage = new FallbackLimitStorage(shared, new Set(['probe']));
  clock = jest.spyOn(performance, 'now').mockReturnValue(1000);
});
afterEach(() => jest.restoreAllMocks());

const refused = async (name = 'login'): Promise<boolean> => (await storage.countLimitUse(name, 'anna', RATE)).isBlocked;

it('does not query the shared storage while a key is refused, but does after its window', async () => {
  shared.countLimitUse
    .mockResolvedValueOnce(toLimitHits(3, 20, true))
    .mockResolvedValueOnce(toLimitHits(1, 60_000, false));
  expect(await refused()).toBe(true);
  clock.mockReturnValue(1019);
  expect(await storage.increment('anna', RATE.ttl, RATE.limit, 0, 'login')).toEqual(toLimitHits(3, 1, true));
  expect(await storage.remainingBlockMs('login', 'anna', 2)).toBe(1);
  expect(shared.countLimitUse).toHaveBeenCalledTimes(1);
  expect(shared.remainingBlockMs).not.toHaveBeenCalled();
  clock.mockReturnValue(1020);
  expect(await refused()).toBe(false);
  expect(shared.countLimitUse).toHaveBeenCalledTimes(2);
});

it('does not query again about a used up limit, but does if only a share of it was used up', async () => {
  shared.remainingBlockMs.mockResolvedValueOnce(20).mockResolvedValueOnce(0).mockResolvedValueOnce(15);
  shared.countLimitUse.mockResolvedValueOnce(toLimitHits(2, 20, false));
  expect(await storage.remainingBlockMs('login', 'anna', 1)).toBe(20);
  expect(await storage.remainingBlockMs('login', 'anna', 1)).toBe(20);
  expect(await storage.remainingBlockMs('login', 'anna', 2)).toBe(0);
  expect(await refused()).toBe(false);
  expect(await storage.remainingBlockMs('login', 'anna', 2)).toBe(15);
  expect(await refused()).toBe(true);
  expect(shared.countLimitUse).toHaveBeenCalledTimes(1);
  expect(shared.remainingBlockMs).toHaveBeenCalledTimes(3);
});

it('counts in this process while the shared storage is unavailable, and logs that once', async () => {
  const warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
  shared.countLimitUse.mockRejectedValue(new Error('away'));
  shared.remainingBlockMs.mockRejectedValue(new Error('away'));
  expect([await refused(), await refused(), await storage.remainingBlockMs('login', 'anna', 2)]).toEqual([
    false,
    false,
    60_000,
  ]);
  expect(await refused()).toBe(true);
  expect(await refused('register')).toBe(false);
  expect(warn).toHaveBeenCalledTimes(1);
  shared.countLimitUse.mockResolvedValueOnce(toLimitHits(1, 60_000, false));
  expect(await refused('register')).toBe(false);
  expect(await refused('register')).toBe(false);
  expect(warn).toHaveBeenCalledTimes(2);
});

it('never uses the shared storage for limits that each process counts for itself', async () => {
  expect([await refused('probe'), await refused('probe'), await refused('probe')]).toEqual([false, false, true]);
  expect(shared.countLimitUse).not.toHaveBeenCalled();
});

it('returns an immediate result immediately', () => {
  shared.countLimitUse.mockReturnValueOnce(toLimitHits(1, 60_000, false) as never);
  expect(storage.countLimitUse('login', 'anna', RATE)).toEqual(toLimitHits(1, 60_000, false));
});
