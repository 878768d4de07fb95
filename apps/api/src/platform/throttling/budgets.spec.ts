import type { AppConfig } from '../../config/app-config';
import { AppError } from '../http/app-error';
import { Budgets } from './budgets';
import { LIMITS_BY_NAME } from './limits';
import { MemoryStorage } from './memory-storage';

const budgets = (throttleScale = 1, storage = new MemoryStorage()): Budgets =>
  new Budgets(storage, { throttleScale } as AppConfig);

const spend = async (all: Budgets, times: number, key = 'anna'): Promise<void> => {
  for (let i = 0; i < times; i++) await all.spend(1, ['login', key]);
};

it('lets through as many as the limit says, and says how long to wait', async () => {
  const all = budgets();
  await spend(all, LIMITS_BY_NAME.login.limit);
  for (const _ of [1, 2]) {
    const refusal = await all.spend(1, ['login', 'anna']).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(AppError);
    expect(refusal).toMatchObject({
      code: 'too_many_requests',
      details: { retryAfterSeconds: LIMITS_BY_NAME.login.seconds },
    });
  }
});

it('counts each key and each limit by itself', async () => {
  const all = budgets();
  await spend(all, LIMITS_BY_NAME.login.limit);
  await spend(all, LIMITS_BY_NAME.login.limit, 'boris');
  await all.spend(1, ['register', 'anna']);
  await expect(all.spend(1, ['login', 'anna'])).rejects.toThrow(AppError);
});

it('is scaled by THROTTLE_SCALE, and never to nothing', async () => {
  const all = budgets(0.001);
  await spend(all, 1);
  await expect(spend(all, 1)).rejects.toThrow(AppError);
});

it('checks without counting, and tells when a share is used up', async () => {
  const all = budgets();
  const { limit } = LIMITS_BY_NAME.login;
  await spend(all, limit / 2 - 1);
  expect(await all.hasSpent('login', 'anna', 0.5)).toBe(false);
  await spend(all, 1);
  expect(await all.hasSpent('login', 'anna', 0.5)).toBe(true);
  expect(await all.hasSpent('login', 'boris', 0.5)).toBe(false);
  for (let i = 0; i < limit; i++) await all.check('login', 'anna');
  await spend(all, limit / 2);
  await expect(all.check('login', 'anna')).rejects.toMatchObject({ code: 'too_many_requests' });
  await all.check('login', 'boris');
});

it('leaves room for a mesh of eight whose links all begin anew several times in ten seconds', async () => {
  const all = budgets();
  const [description, candidate, candidates, times] = [12_500, 400, 25, 5];
  for (let time = 0; time < times; time++) {
    for (let other = 1; other < 8; other++) {
      for (const size of [description, ...Array<number>(candidates).fill(candidate)]) {
        await all.spend(size, ['traffic:signals', 'anna'], ['traffic:signals:pair', `anna:${other}`]);
      }
    }
  }
});

it('counts what weighs more than one use', async () => {
  const all = budgets();
  const { limit } = LIMITS_BY_NAME['traffic:chat'];
  await all.spend(limit - 1, ['traffic:chat', 'anna']);
  await all.spend(1, ['traffic:chat', 'anna']);
  await expect(all.spend(1, ['traffic:chat', 'anna'])).rejects.toThrow(AppError);
});

it.each([
  ['answers at once', (storage: MemoryStorage) => storage],
  ['takes its time', slow],
])('counts several limits together, and refuses when one of them does: a storage that %s', async (_, made) => {
  const all = budgets(1, made(new MemoryStorage()));
  const { limit } = LIMITS_BY_NAME['traffic:signals:pair'];
  const send = (size: number, to: string): Promise<void> =>
    all.spend(size, ['traffic:signals', 'anna'], ['traffic:signals:pair', `anna:${to}`]);
  await send(limit, 'boris');
  await expect(send(1, 'boris')).rejects.toThrow(AppError);
  await send(limit, 'clara');
  await send(limit, 'diana');
  await send(limit - 1, 'emil');
  await expect(send(1, 'frida')).rejects.toThrow(AppError);
});

function slow(storage: MemoryStorage): MemoryStorage {
  const count = storage.count.bind(storage);
  return Object.assign(storage, { count: async (...use: Parameters<typeof count>) => Promise.resolve(count(...use)) });
}
