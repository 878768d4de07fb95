import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { JobMetrics } from './job-metrics';
import { JobOutages } from './job-outages';

const refused = { message: 'connect ECONNREFUSED (Queue: a, Worker: b)', code: 'ECONNREFUSED' } as unknown as Error;
const lines: string[] = [];
let errors = 0;
let isAway = true;
let outages: JobOutages;

beforeEach(() => {
  jest.useFakeTimers();
  lines.length = errors = 0;
  isAway = true;
  for (const level of ['error', 'warn', 'log'] as const)
    jest.spyOn(Logger.prototype, level).mockImplementation((...args) => {
      const [entry] = args as [string | { msg: string }];
      lines.push(`${level}: ${typeof entry === 'string' ? entry : entry.msg}`);
    });
  const query = async (): Promise<unknown[]> => {
    if (isAway) throw new Error('away');
    return [];
  };
  const db = { query } as unknown as DataSource;
  outages = new JobOutages(db, { countQueueError: () => errors++ } as unknown as JobMetrics);
});
afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

it('logs once that the database is away and once that it is back, and counts every error', async () => {
  for (let i = 0; i < 3; i++) outages.reportQueueError(refused);
  outages.reportQueueError(new Error('LISTEN/NOTIFY connection ended'));
  await jest.advanceTimersByTimeAsync(5000);
  expect(lines).toEqual(['warn: the queue of jobs cannot reach the database']);
  isAway = false;
  await jest.advanceTimersByTimeAsync(5000);
  expect(lines.slice(1)).toEqual(['log: the queue of jobs reaches the database again']);
  outages.reportQueueError(refused);
  expect([lines.length, errors]).toEqual([3, 5]);
});

it('logs each error that is no outage', () => {
  for (let i = 0; i < 2; i++) outages.reportQueueError(new Error('syntax error'));
  expect(lines).toEqual(Array(2).fill('error: the queue of jobs failed'));
});

it('says nothing more once the server stops', async () => {
  outages.reportQueueError(refused);
  outages.stopProbing();
  isAway = false;
  await jest.advanceTimersByTimeAsync(5000);
  expect(lines).toHaveLength(1);
});
