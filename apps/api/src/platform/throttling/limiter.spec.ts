import { Logger } from '@nestjs/common';
import { ThrottlerStorageService } from '@nestjs/throttler';
import type { AppConfig } from '../../config/app-config';
import { AppError } from '../http/app-error';
import { Limiter } from './limiter';
import { LIMITS_BY_NAME, socketLimit } from './limits';

const limiter = (throttleScale: number, storage = new ThrottlerStorageService()): Limiter =>
  new Limiter(storage, { throttleScale } as AppConfig);

const take = async (counter: Limiter, times: number, key = 'anna'): Promise<void> => {
  for (let i = 0; i < times; i++) await counter.take('login', key);
};

it('lets through as many as the limit says, and says how long to wait', async () => {
  const counter = limiter(1);
  await take(counter, LIMITS_BY_NAME.login.limit);
  const refusal = await counter.take('login', 'anna').catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(AppError);
  expect(refusal).toMatchObject({
    code: 'too_many_requests',
    details: { retryAfterSeconds: LIMITS_BY_NAME.login.seconds },
  });
});

it('counts each key and each limit by itself', async () => {
  const counter = limiter(1);
  await take(counter, LIMITS_BY_NAME.login.limit);
  await take(counter, LIMITS_BY_NAME.login.limit, 'boris');
  await counter.take('register', 'anna');
  await expect(counter.take('login', 'anna')).rejects.toThrow(AppError);
});

it('is scaled by THROTTLE_SCALE, and never to nothing', async () => {
  const counter = limiter(0.001);
  await counter.take('login', 'anna');
  await expect(counter.take('login', 'anna')).rejects.toThrow(AppError);
});

it('lets people in while its store is away', async () => {
  Logger.overrideLogger(false);
  const storage = new ThrottlerStorageService();
  storage.increment = () => Promise.reject(new Error('away'));
  await expect(take(limiter(0.001, storage), 3)).resolves.toBeUndefined();
});

it('finds the limit of a command', () => {
  expect(socketLimit('chat:send')).toBe('socket:chat:send');
  expect(socketLimit('chat:type')).toBe('socket:any');
});
