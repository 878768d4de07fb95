import { PgBoss } from 'pg-boss';
import type { DataSource } from 'typeorm';
import { sqlStatement, type StatementRow } from '../database/sql-statement';
import { integer, nullable, text, timestamp, uuid } from '../database/sql-types';
import { createBossOptions, DEAD_JOBS_QUEUE, JOB_SCHEMA } from './job-settings';

const LIST_DEAD = sqlStatement({
  takes: [text],
  gives: {
    kind: nullable(text),
    id: nullable(uuid),
    failedAt: timestamp,
    attempts: nullable(integer),
    reason: nullable(text),
  },
  sql: `SELECT source_name AS kind, coalesce(source_root_id, source_id) AS id, created_on AS "failedAt",
      source_retry_count + 1 AS attempts,
      coalesce(source_output->>'reason', source_output->>'message', source_output->'value'->>'message') AS reason
    FROM ${JOB_SCHEMA}.job WHERE name = $1 AND state = 'created' ORDER BY created_on, id`,
});

/** A job that failed too often; its id is the one in the log. */
export type DeadJob = StatementRow<typeof LIST_DEAD>;

/** @returns the dead jobs, the latest last */
export function listDeadJobs(db: DataSource): Promise<DeadJob[]> {
  return LIST_DEAD.loadRows(db, DEAD_JOBS_QUEUE);
}

/**
 * Gives all dead jobs back to their queues.
 * @returns how many
 */
export async function retryDeadJobs(databaseUrl: string): Promise<number> {
  const boss = await new PgBoss(createBossOptions({ databaseUrl, jobs: false })).start();
  try {
    let retried = 0;
    let moved: number;
    do {
      moved = await boss.redrive(DEAD_JOBS_QUEUE);
      retried += moved;
    } while (moved > 0);
    return retried;
  } finally {
    await boss.stop();
  }
}
