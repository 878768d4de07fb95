import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleInit,
} from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { type JobResult, type JobWithMetadata, PgBoss } from 'pg-boss';
import { APP_CONFIG, type AppConfig } from '../../config/app-config';
import { errorReasonOf } from '../logging/warn-if-slow';
import { type JobAssignment, jobAssignments, type JobRun } from './job-kinds';
import { JobMetrics, type JobOutcome } from './job-metrics';
import { JobOutages } from './job-outages';
import {
  DEAD_JOBS_QUEUE,
  DEAD_QUEUE,
  JOB_QUEUE,
  JOB_STOP_TIMEOUT_MS,
  JOB_WORKERS,
  SCHEDULE_QUEUE,
  SCHEDULE_WORKERS,
} from './job-settings';

interface AssignedHandler extends JobAssignment {
  /** `Class.method`, for error messages. */
  name: string;
  handle: (payload: unknown, run: JobRun) => unknown;
}

/** Runs jobs by their handlers, which are all methods of providers with `@JobHandler` or `@JobSchedule`. */
@Injectable()
export class JobRunner implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Jobs');
  private handlers: AssignedHandler[] = [];
  private stopping = false;

  constructor(
    private readonly boss: PgBoss,
    private readonly discovery: DiscoveryService,
    private readonly outages: JobOutages,
    private readonly metrics: JobMetrics,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  async onModuleInit(): Promise<void> {
    this.handlers = jobAssignments
      .collectMethods(this.discovery)
      .map(({ note, name, call }) => ({ ...note, name, handle: call }));
    for (const { kind, name } of this.handlers) {
      const other = this.handlers.find((handler) => handler.kind === kind && handler.name !== name);
      if (other) throw new Error(`${kind} has two handlers: ${name} and ${other.name}`);
    }
    this.boss.on('error', (error) => {
      if (!this.stopping) this.outages.reportQueueError(error);
    });
    this.boss.on('warning', ({ message, data }) =>
      this.logger.warn({
        type: (data as { type?: string }).type,
        reason: message,
        msg: 'the queue of jobs gave a warning',
      }),
    );
    await this.boss.start();
    await this.createQueues();
  }

  /** After all modules have been initialized. */
  async onApplicationBootstrap(): Promise<void> {
    if (!this.config.jobs) return;
    for (const handler of this.handlers) {
      const runBatch = (jobs: JobWithMetadata<unknown>[]): Promise<JobResult[]> =>
        Promise.all(jobs.map((job) => this.runJob(handler, job)));
      const { kind, plan } = handler;
      if (!plan) {
        await this.boss.work(kind, JOB_WORKERS, runBatch);
      } else {
        await this.boss.work(kind, SCHEDULE_WORKERS, runBatch);
        await this.boss.schedule(kind, plan.cron);
        if (plan.atStart) await this.boss.send(kind);
      }
    }
  }

  /** Before sockets and connections close. What does not finish in time runs again elsewhere. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    this.outages.stopProbing();
    await this.boss.stop({ timeout: JOB_STOP_TIMEOUT_MS });
  }

  /** The settings of an existing queue are brought up to date, but for its policy, which never changes. */
  private async createQueues(): Promise<void> {
    await this.boss.createQueue(DEAD_JOBS_QUEUE, DEAD_QUEUE);
    for (const { kind, plan, retryLimit = JOB_QUEUE.retryLimit } of this.handlers) {
      const settings = plan ? SCHEDULE_QUEUE : { ...JOB_QUEUE, retryLimit };
      // Of a scheduled kind one job at most waits or runs.
      await this.boss.createQueue(kind, { ...settings, policy: plan ? 'exclusive' : 'standard' });
      await this.boss.updateQueue(kind, settings);
    }
  }

  private async runJob({ kind, plan, handle }: AssignedHandler, job: JobWithMetadata<unknown>): Promise<JobResult> {
    const { id, data, signal, retryCount, retryLimit } = job;
    // A dead job that is tried again has a new id, and is still the same job.
    const jobId = job.sourceRootId ?? id;
    const start = performance.now();
    const record = (outcome: JobOutcome): void => this.metrics.recordJobRun(kind, outcome, performance.now() - start);
    try {
      await handle(data, { id: jobId, signal });
      record('done');
      return { id, status: 'completed' };
    } catch (error) {
      const isDead = !plan && retryCount >= retryLimit;
      record(isDead ? 'dead' : 'failed');
      const entry = { err: error, kind, jobId, attempt: retryCount + 1 };
      if (this.stopping) this.logger.debug({ ...entry, msg: 'a job failed while the server stops' });
      else if (isDead) this.logger.error({ ...entry, msg: 'a job has failed too often' });
      else this.logger.warn({ ...entry, msg: 'a job failed and is tried again' });
      return { id, status: 'failed', output: { reason: errorReasonOf(error) } };
    }
  }
}
