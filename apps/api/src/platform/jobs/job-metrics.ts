import { Injectable, type OnModuleInit } from '@nestjs/common';
import {
  InjectMetric,
  makeCounterProvider,
  makeGaugeProvider,
  makeHistogramProvider,
} from '@willsoto/nestjs-prometheus';
import type { Counter, Gauge, Histogram } from 'prom-client';
import { DataSource } from 'typeorm';
import { sqlStatement } from '../database/sql-statement';
import { integer, nullable, text } from '../database/sql-types';
import { DEAD_JOBS_QUEUE, JOB_SCHEMA } from './job-settings';

const countJobs = (kind: string, where: string): string =>
  `SELECT ${kind} AS kind, count(*)::int AS jobs FROM ${JOB_SCHEMA}.job WHERE state < 'active' AND ${where} GROUP BY 1`;

const COUNT_WAITING = sqlStatement({
  takes: [],
  gives: { kind: text, jobs: integer },
  sql: countJobs('name', `name <> '${DEAD_JOBS_QUEUE}' AND name NOT LIKE '\\_\\_%'`),
});

const COUNT_DEAD = sqlStatement({
  takes: [],
  gives: { kind: nullable(text), jobs: integer },
  sql: countJobs('source_name', `name = '${DEAD_JOBS_QUEUE}'`),
});

/** Names of the metrics of jobs. */
const JOB_METRICS = {
  waiting: 'webcall_jobs_waiting',
  dead: 'webcall_jobs_dead',
  runs: 'webcall_jobs_run_total',
  duration: 'webcall_jobs_duration_seconds',
  errors: 'webcall_jobs_errors_total',
} as const;

export const jobMetricProviders = [
  makeGaugeProvider({
    name: JOB_METRICS.waiting,
    help: 'Jobs of all replicas that wait for their first or next attempt',
    labelNames: ['kind'],
  }),
  makeGaugeProvider({
    name: JOB_METRICS.dead,
    help: 'Jobs of all replicas that failed too often and are kept',
    labelNames: ['kind'],
  }),
  makeCounterProvider({
    name: JOB_METRICS.runs,
    help: 'Attempts of jobs here, by their outcome: done, failed (tried again), or dead (failed too often)',
    labelNames: ['kind', 'outcome'],
  }),
  makeHistogramProvider({
    name: JOB_METRICS.duration,
    help: 'Time that an attempt of a job took here',
    labelNames: ['kind'],
    buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 30, 120, 600],
  }),
  makeCounterProvider({
    name: JOB_METRICS.errors,
    help: 'Failures of the queue itself, such as while the database is away',
  }),
];

export type JobOutcome = 'done' | 'failed' | 'dead';

/** What an operator sees of the jobs. */
@Injectable()
export class JobMetrics implements OnModuleInit {
  constructor(
    private readonly db: DataSource,
    @InjectMetric(JOB_METRICS.waiting) private readonly waiting: Gauge<'kind'>,
    @InjectMetric(JOB_METRICS.dead) private readonly dead: Gauge<'kind'>,
    @InjectMetric(JOB_METRICS.runs) private readonly runs: Counter<'kind' | 'outcome'>,
    @InjectMetric(JOB_METRICS.duration) private readonly duration: Histogram<'kind'>,
    @InjectMetric(JOB_METRICS.errors) private readonly errors: Counter,
  ) {}

  onModuleInit(): void {
    // prom-client calls these right before each reading.
    Object.assign(this.waiting, { collect: () => this.readCounts(this.waiting, COUNT_WAITING.loadRows(this.db)) });
    Object.assign(this.dead, { collect: () => this.readCounts(this.dead, COUNT_DEAD.loadRows(this.db)) });
  }

  recordJobRun(kind: string, outcome: JobOutcome, ms: number): void {
    this.runs.inc({ kind, outcome });
    this.duration.observe({ kind }, ms / 1000);
  }

  countQueueError(): void {
    this.errors.inc();
  }

  /** While the database is away the numbers are unknown, and the other metrics are still to be read. */
  private async readCounts(gauge: Gauge<'kind'>, counts: ReturnType<typeof COUNT_DEAD.loadRows>): Promise<void> {
    const rows = await counts.catch(() => []);
    gauge.reset();
    for (const { kind, jobs } of rows) gauge.set({ kind: kind ?? '' }, jobs);
  }
}
