import { Injectable } from '@nestjs/common';
import { PgBoss } from 'pg-boss';
import type { EntityManager } from 'typeorm';
import type { JobKind, JobKinds, ScheduledJobKind } from './job-kinds';

interface EnqueueOptions {
  /** A UUID: a job with the same id is not enqueued again, for a day after it was done. */
  id?: string;
  /** From when on it may run; at once without it. */
  startAfter?: Date;
}

/** Enqueues what is done later and must not be lost. Whoever does it is a method with `@JobHandler`. */
@Injectable()
export class JobQueue {
  constructor(private readonly boss: PgBoss) {}

  /**
   * Enqueues a job in the transaction of its cause: it exists if and only if that is committed. A handler in the
   * transaction of an event is the place to do it.
   */
  async enqueueInTransaction<K extends Exclude<JobKind, ScheduledJobKind>>(
    manager: EntityManager,
    kind: K,
    payload: JobKinds[K] & object,
    options: EnqueueOptions = {},
  ): Promise<void> {
    if (!manager.queryRunner?.isTransactionActive) throw new Error(`${kind} was enqueued outside a transaction`);
    const executeSql = async (text: string, values?: unknown[]): Promise<{ rows: unknown[] }> => ({
      // eslint-disable-next-line no-restricted-syntax -- pg-boss brings its statement along
      rows: await manager.query(text, values),
    });
    await this.boss.send(kind, payload, { ...options, db: { executeSql } });
  }
}
