import type { ConstructorOptions, Queue, WorkOptions } from 'pg-boss';
import type { AppConfig } from '../../config/app-config';

/** The schema of the database that has the jobs. pg-boss alone makes and changes what is in it. */
export const JOB_SCHEMA = 'jobs';

/** The queue that keeps jobs which have failed too often. */
export const DEAD_JOBS_QUEUE = 'dead';

/** How long a stopping server lets its running jobs finish before it gives them back, in ms. */
export const JOB_STOP_TIMEOUT_MS = 5_000;

type QueueSettings = Omit<Queue, 'name' | 'policy'>;

const DAY_IN_SECONDS = 24 * 60 * 60;

/**
 * A dead process is noticed by its missing heartbeat. Without one, its jobs would wait until they expire. The least
 * that pg-boss takes is 10 s.
 */
const HEARTBEAT = { heartbeatSeconds: 10 };

/** About an hour of attempts: after 1, 2, 4 … seconds, then every ten minutes. */
export const JOB_QUEUE: QueueSettings = {
  ...HEARTBEAT,
  notify: true,
  retryLimit: 14,
  retryDelay: 1,
  retryBackoff: true,
  retryDelayMax: 600,
  deleteAfterSeconds: DAY_IN_SECONDS,
  deadLetter: DEAD_JOBS_QUEUE,
};

/** What is done on a schedule is tried again by the schedule, and leaves no dead job. */
export const SCHEDULE_QUEUE: QueueSettings = {
  ...HEARTBEAT,
  notify: true,
  retryLimit: 0,
  deleteAfterSeconds: DAY_IN_SECONDS,
};

export const DEAD_QUEUE: QueueSettings = { retentionSeconds: 90 * DAY_IN_SECONDS };

/**
 * A woken worker takes one batch and then waits for its interval, unless the batch was full: a batch of one would let a
 * backlog drain at one job per interval. Nothing wakes it when a retry comes due, so the interval stays short.
 */
export const JOB_WORKERS = {
  batchSize: 10,
  burstWhenBatchFull: true,
  localConcurrency: 2,
  pollingIntervalSeconds: 2,
  notifyPollingIntervalSeconds: 2,
  includeMetadata: true,
  perJobResults: true,
} as const satisfies WorkOptions;

export const SCHEDULE_WORKERS = {
  pollingIntervalSeconds: 30,
  includeMetadata: true,
  perJobResults: true,
} as const satisfies WorkOptions;

/** Replicas use the schema as it is. Whatever pg-boss does by itself, it does on one replica at a time. */
export function createBossOptions({ databaseUrl, jobs }: Pick<AppConfig, 'databaseUrl' | 'jobs'>): ConstructorOptions {
  return {
    connectionString: databaseUrl,
    schema: JOB_SCHEMA,
    application_name: 'webcall jobs',
    max: 4,
    connectionTimeoutMillis: 5_000,
    createSchema: false,
    migrate: false,
    registerInstance: false,
    useListenNotify: jobs,
    schedule: jobs,
    supervise: jobs,
    // Each pass looks for missing heartbeats only when the second interval is over too.
    superviseIntervalSeconds: 5,
    monitorIntervalSeconds: 5,
    maintenanceIntervalSeconds: 60 * 60,
    // Dependencies between jobs are not used.
    flowIntervalSeconds: 60 * 60,
  };
}
