import { Logger } from '@nestjs/common';
import type { AppConfig } from '../../config/app-config';
import { AppError } from '../http/app-error';
import { Limiter } from './limiter';
import { LIMITS_BY_NAME, socketLimit } from './limits';
import { MemoryCounters } from './memory-counters';

const limiter = (throttleScale: number, counters = new MemoryCounters()): Limiter =>
  new Limiter(counters, { throttleScale } as AppConfig);

const take = async (limits: Limiter, times: number, key = 'anna'): Promise<void> => {
  for (let i = 0; i < times; i++) await limits.take('login', key);
};

it('lets through as many as the limit says, and says how long to wait', async () => {
  const limits = limiter(1);
  await take(limits, LIMITS_BY_NAME.login.limit);
  for (const _ of [1, 2]) {
    const refusal = await limits.take('login', 'anna').catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(AppError);
    expect(refusal).toMatchObject({
      code: 'too_many_requests',
      details: { retryAfterSeconds: LIMITS_BY_NAME.login.seconds },
    });
  }
});

it('asks the store no more while a key is refused, and lets it in again when its window is over', async () => {
  const counters = new MemoryCounters();
  const count = jest.spyOn(counters, 'count').mockResolvedValueOnce(20);
  const limits = limiter(1, counters);
  const clock = jest.spyOn(performance, 'now').mockReturnValue(1000);
  await expect(take(limits, 1)).rejects.toThrow(AppError);
  clock.mockReturnValue(1019);
  await expect(take(limits, 1)).rejects.toThrow(AppError);
  expect(count).toHaveBeenCalledTimes(1);
  clock.mockReturnValue(1020);
  await take(limits, 1);
  clock.mockRestore();
  expect(count).toHaveBeenCalledTimes(2);
});

it('counts each key and each limit by itself', async () => {
  const limits = limiter(1);
  await take(limits, LIMITS_BY_NAME.login.limit);
  await take(limits, LIMITS_BY_NAME.login.limit, 'boris');
  await limits.take('register', 'anna');
  await expect(limits.take('login', 'anna')).rejects.toThrow(AppError);
});

it('is scaled by THROTTLE_SCALE, and never to nothing', async () => {
  const limits = limiter(0.001);
  await limits.take('login', 'anna');
  await expect(limits.take('login', 'anna')).rejects.toThrow(AppError);
});

it('counts by itself while its store is away', async () => {
  Logger.overrideLogger(false);
  const counters = new MemoryCounters();
  counters.count = () => Promise.reject(new Error('away'));
  const limits = limiter(1, counters);
  await take(limits, LIMITS_BY_NAME.login.limit);
  await expect(limits.take('login', 'anna')).rejects.toThrow(AppError);
});

it('checks without counting, and tells when a share is used up', async () => {
  const limits = limiter(1);
  const { limit } = LIMITS_BY_NAME.login;
  await take(limits, limit / 2 - 1);
  expect(await limits.hasSpent('login', 'anna', 0.5)).toBe(false);
  await take(limits, 1);
  expect(await limits.hasSpent('login', 'anna', 0.5)).toBe(true);
  expect(await limits.hasSpent('login', 'boris', 0.5)).toBe(false);
  for (let i = 0; i < limit; i++) await limits.check('login', 'anna');
  await take(limits, limit / 2);
  await expect(limits.check('login', 'anna')).rejects.toMatchObject({ code: 'too_many_requests' });
  await limits.check('login', 'boris');
});

it('leaves room for a mesh of eight whose links all begin anew several times in ten seconds', async () => {
  const limits = limiter(1);
  const [description, candidate, candidates, times] = [12_500, 400, 25, 5];
  for (let time = 0; time < times; time++) {
    for (let other = 1; other < 8; other++) {
      for (const size of [description, ...Array<number>(candidates).fill(candidate)]) {
        await limits.take('traffic:signals', 'anna', size);
        await limits.take('traffic:signals:pair', `anna:${other}`, size);
      }
    }
  }
});

it('counts what weighs more than one use', async () => {
  const limits = limiter(1);
  const { limit } = LIMITS_BY_NAME['traffic:chat'];
  await limits.take('traffic:chat', 'anna', limit - 1);
  await limits.take('traffic:chat', 'anna', 1);
  await expect(limits.take('traffic:chat', 'anna', 1)).rejects.toThrow(AppError);
});

it('finds the limit of a command', () => {
  expect(socketLimit('chat:send')).toBe('socket:chat:send');
  expect(socketLimit('chat:read')).toBe('socket:any');
});
