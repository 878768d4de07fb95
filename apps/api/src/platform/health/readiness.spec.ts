import type { DataSource } from 'typeorm';
import type { DatabaseWriteProbe } from '../database/database-write-probe';
import type * as MigratedDataSource from '../database/migrated-data-source';
import { isSchemaMigrated } from '../database/migrated-data-source';
import { ReadinessCheck } from './readiness';

jest.mock(
  '../database/migrated-data-source',
  () => ({ isSchemaMigrated: jest.fn() }) satisfies Partial<typeof MigratedDataSource>,
);
const isMigrated = jest.mocked(isSchemaMigrated);
const canWrite = jest.fn<Promise<boolean>, []>();

const refusal = { code: 'unavailable', details: { database: 'unreachable' } };
let readiness: ReadinessCheck;

beforeEach(() => {
  jest.useFakeTimers();
  isMigrated.mockReset();
  canWrite.mockReset().mockResolvedValue(true);
  readiness = new ReadinessCheck({} as DataSource, { canWriteToDatabase: canWrite } as unknown as DatabaseWriteProbe);
});
afterEach(() => jest.useRealTimers());

it('queries the database once for simultaneous checks and for those within a second after', async () => {
  let answer: (value: boolean) => void = () => undefined;
  isMigrated.mockImplementationOnce(() => new Promise((resolve) => (answer = resolve)));
  const probes = Array.from({ length: 50 }, () => readiness.requireReadiness());
  answer(true);
  expect(await Promise.all(probes)).toEqual(Array.from({ length: 50 }, () => ({ status: 'ok' })));
  await jest.advanceTimersByTimeAsync(999);
  await readiness.requireReadiness();
  expect(isMigrated).toHaveBeenCalledTimes(1);
});

it('queries the database again after that, and is ready again when the database is', async () => {
  isMigrated.mockRejectedValueOnce(new Error('gone'));
  await expect(readiness.requireReadiness()).rejects.toMatchObject(refusal);
  await expect(readiness.requireReadiness()).rejects.toMatchObject(refusal);
  expect(isMigrated).toHaveBeenCalledTimes(1);
  await jest.advanceTimersByTimeAsync(1000);
  isMigrated.mockResolvedValueOnce(true);
  expect(await readiness.requireReadiness()).toEqual({ status: 'ok' });
});

it('is not ready for as long as the database cannot write', async () => {
  isMigrated.mockResolvedValue(true);
  canWrite.mockResolvedValueOnce(false);
  await expect(readiness.requireReadiness()).rejects.toMatchObject({
    code: 'unavailable',
    details: { database: 'cannot write' },
  });
  await jest.advanceTimersByTimeAsync(1000);
  expect(await readiness.requireReadiness()).toEqual({ status: 'ok' });
});

it('does not wait for a database that does not answer', async () => {
  isMigrated.mockReturnValue(new Promise(() => undefined));
  const refused = expect(readiness.requireReadiness()).rejects.toMatchObject(refusal);
  await jest.advanceTimersByTimeAsync(2000);
  await refused;
});
