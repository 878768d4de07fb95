import { Logger } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import { PgBoss } from 'pg-boss';
import type { DataSource } from 'typeorm';
import { sqlStatement } from '../database/sql-statement';
import { bool, integer } from '../database/sql-types';
import { createBossOptions, JOB_SCHEMA } from './job-settings';

/** The version of the schema that the installed pg-boss works with; a spec compares it with its package. */
export const JOB_SCHEMA_VERSION = 46;

/** How often to ask whether the indexes are built, in ms. */
const INDEX_BUILD_POLL_MS = 100;

const FIND_SCHEMA = sqlStatement({
  takes: [],
  gives: { exists: bool },
  sql: `SELECT to_regclass('${JOB_SCHEMA}.version') IS NOT NULL AS exists`,
});

const READ_VERSION = sqlStatement({
  takes: [],
  gives: { version: integer },
  sql: `SELECT version FROM ${JOB_SCHEMA}.version`,
});

/** The jobs in the database belong to another version of WebCall; the message says what to do. */
export class JobSchemaError extends Error {}

/**
 * Makes the schema of the jobs, or brings it up to date, under the lock of the migrations.
 * @throws JobSchemaError when it is newer than this WebCall, or must be changed and the role may not
 */
export async function migrateJobSchema(db: DataSource, databaseUrl: string): Promise<void> {
  const version = await readJobSchemaVersion(db);
  if (version === JOB_SCHEMA_VERSION) return;
  if (version !== undefined && version > JOB_SCHEMA_VERSION)
    throw new JobSchemaError(
      `The jobs in the database have version ${version}, which is newer than this WebCall: it knows ${JOB_SCHEMA_VERSION}. Start the newer WebCall again, or go back to the copy of the database that was made before it.`,
    );
  const boss = new PgBoss({
    ...createBossOptions({ databaseUrl, jobs: false }),
    createSchema: true,
    migrate: true,
  });
  boss.on('error', (error) => new Logger('Database').error({ err: error, msg: 'migrating the jobs failed' }));
  try {
    await boss.start();
    await waitForIndexBuilds(boss);
  } catch (error) {
    if ((error as { code?: unknown }).code !== '42501') throw error;
    const found = version === undefined ? 'are missing' : `have version ${version}`;
    throw new JobSchemaError(
      `The jobs in the database ${found}, this WebCall needs version ${JOB_SCHEMA_VERSION}, and the role in DATABASE_URL may not change that. Run the migrations with a role that may.`,
      { cause: error },
    );
  } finally {
    await boss.stop();
  }
}

/** @returns undefined when there are no jobs in the database yet */
export async function readJobSchemaVersion(db: DataSource): Promise<number | undefined> {
  if (!(await FIND_SCHEMA.findRow(db))?.exists) return undefined;
  return (await READ_VERSION.findRow(db))?.version;
}

/** A migration leaves new indexes to be built one after the other, without locking out writers. */
async function waitForIndexBuilds(boss: PgBoss): Promise<void> {
  const isOpen = ({ status }: { status: string }): boolean => status === 'pending' || status === 'in_progress';
  while ((await boss.getBamStatus()).some(isOpen)) await delay(INDEX_BUILD_POLL_MS);
}
