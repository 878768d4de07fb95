import { Logger } from '@nestjs/common';
import { type Hits, hits, LimitStorage, type Rate } from './limit-storage';
import { SteadyStorage } from './steady-storage';

const RATE: Rate = { limit: 2, ttl: 60_000 };

/** A storage that answers what a test says. */
class Shared extends LimitStorage {
  readonly count = jest.fn<Promise<Hits>, []>();
  readonly spent = jest.fn<Promise<number>, []>();
}

let shared: Shared;
let storage: SteadyStorage;
let clock: jest.SpyInstance<number, []>;
beforeEach(() => {
  shared = new Shared();
  storage = new SteadyStorage(shared, new Set(['probe']));
  clock = jest.spyOn(performance, 'now').mockReturnValue(1000);
});
afterEach(() => jest.restoreAllMocks());

const refused = async (name = 'login'): Promise<boolean> => (await storage.count(name, 'anna', RATE)).isBlocked;

it('asks no more while a key is refused, and lets it in again when its window is over', async () => {
  shared.count.mockResolvedValueOnce(hits(3, 20, true)).mockResolvedValueOnce(hits(1, 60_000, false));
  expect(await refused()).toBe(true);
  clock.mockReturnValue(1019);
  expect(await storage.increment('anna', RATE.ttl, RATE.limit, 0, 'login')).toEqual(hits(3, 1, true));
  expect(await storage.spent('login', 'anna', 2)).toBe(1);
  expect(shared.count).toHaveBeenCalledTimes(1);
  expect(shared.spent).not.toHaveBeenCalled();
  clock.mockReturnValue(1020);
  expect(await refused()).toBe(false);
  expect(shared.count).toHaveBeenCalledTimes(2);
});

it('asks no more about what was found used up, and asks on when it was only a share', async () => {
  shared.spent.mockResolvedValueOnce(20).mockResolvedValueOnce(0).mockResolvedValueOnce(15);
  shared.count.mockResolvedValueOnce(hits(2, 20, false));
  expect(await storage.spent('login', 'anna', 1)).toBe(20);
  expect(await storage.spent('login', 'anna', 1)).toBe(20);
  expect(await storage.spent('login', 'anna', 2)).toBe(0);
  expect(await refused()).toBe(false);
  expect(await storage.spent('login', 'anna', 2)).toBe(15);
  expect(await refused()).toBe(true);
  expect(shared.count).toHaveBeenCalledTimes(1);
  expect(shared.spent).toHaveBeenCalledTimes(3);
});

it('counts by itself while the shared one is away, and says so once', async () => {
  const error = jest.spyOn(Logger.prototype, 'error').mockReturnValue(undefined);
  shared.count.mockRejectedValue(new Error('away'));
  shared.spent.mockRejectedValue(new Error('away'));
  expect([await refused(), await refused(), await storage.spent('login', 'anna', 2)]).toEqual([false, false, 60_000]);
  expect(await refused()).toBe(true);
  expect(await refused('register')).toBe(false);
  expect(error).toHaveBeenCalledTimes(1);
  shared.count.mockResolvedValueOnce(hits(1, 60_000, false));
  expect(await refused('register')).toBe(false);
  expect(await refused('register')).toBe(false);
  expect(error).toHaveBeenCalledTimes(2);
});

it('never asks it about limits that each process counts for itself', async () => {
  expect([await refused('probe'), await refused('probe'), await refused('probe')]).toEqual([false, false, true]);
  expect(shared.count).not.toHaveBeenCalled();
});

it('hands on at once what is known at once', () => {
  shared.count.mockReturnValueOnce(hits(1, 60_000, false) as never);
  expect(storage.count('login', 'anna', RATE)).toEqual(hits(1, 60_000, false));
});
