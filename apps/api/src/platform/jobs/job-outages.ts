import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { sqlStatement } from '../database/sql-statement';
import { isStoreOutage } from '../http/outage';
import { JobMetrics } from './job-metrics';

/** How often to ask whether the database is back, in ms. */
const PROBE_INTERVAL_MS = 1000;

/** Errors of the connection that is told of new jobs; others are known from their codes. */
const LISTENER_OUTAGE = /^LISTEN\/NOTIFY/;

const PROBE_DATABASE = sqlStatement({ takes: [], sql: 'SELECT' });

/** Counts the errors of the queue, and logs when the database is lost and when it is back, but not each try between. */
@Injectable()
export class JobOutages {
  private readonly logger = new Logger('Jobs');
  private probe: NodeJS.Timeout | undefined;

  constructor(
    private readonly db: DataSource,
    private readonly metrics: JobMetrics,
  ) {}

  /** @param failure an error, or what pg-boss makes of one: its properties in a plain object */
  reportQueueError(failure: Error): void {
    this.metrics.countQueueError();
    const { message, stack } = failure;
    const err = failure instanceof Error ? failure : Object.assign(new Error(message), { stack });
    if (!isStoreOutage(failure) && !LISTENER_OUTAGE.test(message)) {
      this.logger.error({ err, msg: 'the queue of jobs failed' });
    } else if (!this.probe) {
      this.logger.warn({ err, msg: 'the queue of jobs cannot reach the database' });
      this.probe = setInterval(() => void this.probeDatabase(), PROBE_INTERVAL_MS).unref();
    }
  }

  stopProbing(): void {
    clearInterval(this.probe);
    this.probe = undefined;
  }

  private async probeDatabase(): Promise<void> {
    const isBack = await PROBE_DATABASE.execute(this.db).then(
      () => true,
      () => false,
    );
    if (!isBack || !this.probe) return;
    this.stopProbing();
    this.logger.log('the queue of jobs reaches the database again');
  }
}
