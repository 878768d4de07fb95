import type { DataSource } from 'typeorm';
import type { DatabaseWrites } from '../database/database-writes';
import { isMigrated } from '../database/migrated-data-source';
import { Readiness } from './readiness';

jest.mock('../database/migrated-data-source', () => ({ isMigrated: jest.fn() }));
const asked = jest.mocked(isMigrated);
const succeed = jest.fn<Promise<boolean>, []>();

const refusal = { code: 'unavailable', details: { database: 'unreachable' } };
let readiness: Readiness;

beforeEach(() => {
  jest.useFakeTimers();
  asked.mockReset();
  succeed.mockReset().mockResolvedValue(true);
  readiness = new Readiness({} as DataSource, { succeed } as unknown as DatabaseWrites);
});
afterEach(() => jest.useRealTimers());

it('asks the database once for all who ask at once, and within a second after', async () => {
  let answer: (value: boolean) => void = () => undefined;
  asked.mockImplementationOnce(() => new Promise((resolve) => (answer = resolve)));
  const probes = Array.from({ length: 50 }, () => readiness.check());
  answer(true);
  expect(await Promise.all(probes)).toEqual(Array.from({ length: 50 }, () => ({ status: 'ok' })));
  await jest.advanceTimersByTimeAsync(999);
  await readiness.check();
  expect(asked).toHaveBeenCalledTimes(1);
});

it('asks again after that, and is ready again when the database is', async () => {
  asked.mockRejectedValueOnce(new Error('gone'));
  await expect(readiness.check()).rejects.toMatchObject(refusal);
  await expect(readiness.check()).rejects.toMatchObject(refusal);
  expect(asked).toHaveBeenCalledTimes(1);
  await jest.advanceTimersByTimeAsync(1000);
  asked.mockResolvedValueOnce(true);
  expect(await readiness.check()).toEqual({ status: 'ok' });
});

it('is not ready for as long as the database cannot write', async () => {
  asked.mockResolvedValue(true);
  succeed.mockResolvedValueOnce(false);
  await expect(readiness.check()).rejects.toMatchObject({ code: 'unavailable', details: { database: 'cannot write' } });
  await jest.advanceTimersByTimeAsync(1000);
  expect(await readiness.check()).toEqual({ status: 'ok' });
});

it('does not wait for a database that says nothing', async () => {
  asked.mockReturnValue(new Promise(() => undefined));
  const told = expect(readiness.check()).rejects.toMatchObject(refusal);
  await jest.advanceTimersByTimeAsync(2000);
  await told;
});
