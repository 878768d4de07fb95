import type { AppConfig } from '../../config/app-config';
import { AppError } from '../http/app-error';
import { LimitBudgets } from './limit-budgets';
import { LIMITS_BY_NAME } from './limits';
import { MemoryLimitStorage } from './memory-limit-storage';

const budgets = (throttleScale = 1, storage = new MemoryLimitStorage()): LimitBudgets =>
  new LimitBudgets(storage, { throttleScale } as AppConfig);

const spend = async (all: LimitBudgets, times: number, key = 'anna'): Promise<void> => {
  for (let i = 0; i < times; i++) await all.spendBudget(1, ['login', key]);
};

/** The outcome of spending, whether it is known at once or later. */
const spending = async (all: LimitBudgets, ...args: Parameters<LimitBudgets['spendBudget']>): Promise<void> =>
  all.spendBudget(...args);

it('allows as many uses as the limit, then refuses with the time to wait', async () => {
  const all = budgets();
  await spend(all, LIMITS_BY_NAME.login.limit);
  for (const _ of [1, 2]) {
    const refusal = await spend(all, 1).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(AppError);
    expect(refusal).toMatchObject({
      code: 'too_many_requests',
      details: { retryAfterSeconds: LIMITS_BY_NAME.login.seconds },
    });
  }
});

it('never has anybody wait longer than the window, whatever fraction of a millisecond the clock shows', async () => {
  const clock = jest.spyOn(performance, 'now');
  const all = new MemoryLimitStorage();
  for (let i = 0; i < 1000; i++) {
    clock.mockReturnValue(1000 + i * 37.123456789);
    expect(all.countLimitUse('login', `anna ${i}`, { limit: 0, ttl: 60_000 }).timeToBlockExpire).toBe(60);
  }
  clock.mockRestore();
});

it('counts each key and each limit separately', async () => {
  const all = budgets();
  await spend(all, LIMITS_BY_NAME.login.limit);
  await spend(all, LIMITS_BY_NAME.login.limit, 'boris');
  await all.spendBudget(1, ['register', 'anna']);
  await expect(spend(all, 1)).rejects.toThrow(AppError);
});

it('is scaled by THROTTLE_SCALE, but never to zero', async () => {
  const all = budgets(0.001);
  await spend(all, 1);
  await expect(spend(all, 1)).rejects.toThrow(AppError);
});

it('checks without counting, and detects that a share is used up', async () => {
  const all = budgets();
  const { limit } = LIMITS_BY_NAME.login;
  await spend(all, limit / 2 - 1);
  expect(await all.hasSpentShare('login', 'anna', 0.5)).toBe(false);
  await spend(all, 1);
  expect(await all.hasSpentShare('login', 'anna', 0.5)).toBe(true);
  expect(await all.hasSpentShare('login', 'boris', 0.5)).toBe(false);
  for (let i = 0; i < limit; i++) await all.requireBudgetLeft('login', 'anna');
  await spend(all, limit / 2);
  await expect(all.requireBudgetLeft('login', 'anna')).rejects.toMatchObject({ code: 'too_many_requests' });
  await all.requireBudgetLeft('login', 'boris');
});

it('is enough for a call of eight whose links all restart several times in ten seconds', async () => {
  const all = budgets();
  const [description, candidate, candidates, times] = [12_500, 400, 25, 5];
  for (let time = 0; time < times; time++) {
    for (let other = 1; other < 8; other++) {
      for (const size of [description, ...Array<number>(candidates).fill(candidate)]) {
        await all.spendBudget(size, ['traffic:signals', 'anna'], ['traffic:signals:pair', `anna:${other}`]);
      }
    }
  }
});

it('counts several uses at once', async () => {
  const all = budgets();
  const { limit } = LIMITS_BY_NAME['traffic:chat'];
  await all.spendBudget(limit - 1, ['traffic:chat', 'anna']);
  await all.spendBudget(1, ['traffic:chat', 'anna']);
  await expect(spending(all, 1, ['traffic:chat', 'anna'])).rejects.toThrow(AppError);
});

it.each([
  ['answers at once', (storage: MemoryLimitStorage) => storage],
  ['answers later', slow],
])('counts several limits together, and refuses if one of them is used up: a storage that %s', async (_, made) => {
  const all = budgets(1, made(new MemoryLimitStorage()));
  const { limit } = LIMITS_BY_NAME['traffic:signals:pair'];
  const send = (size: number, to: string): Promise<void> =>
    spending(all, size, ['traffic:signals', 'anna'], ['traffic:signals:pair', `anna:${to}`]);
  await send(limit, 'boris');
  await expect(send(1, 'boris')).rejects.toThrow(AppError);
  await send(limit, 'clara');
  await send(limit, 'diana');
  await send(limit - 1, 'emil');
  await expect(send(1, 'frida')).rejects.toThrow(AppError);
});

function slow(storage: MemoryLimitStorage): MemoryLimitStorage {
  const count = storage.countLimitUse.bind(storage);
  return Object.assign(storage, {
    countLimitUse: async (...use: Parameters<typeof count>) => Promise.resolve(count(...use)),
  });
}
