import { migrations } from '@webcall/migrations';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { isWriteRefusal } from '../http/outage';
import { migrateJobSchema } from '../jobs/job-schema';
import { errorReasonOf } from '../logging/warn-if-slow';
import { sqlStatement } from './sql-statement';
import { bigintParameter, integer } from './sql-types';

/** Arbitrary, as long as nothing else in the database uses the same lock number. */
const MIGRATION_LOCK = 7_203_318;

const TAKE_LOCK = sqlStatement({ takes: [bigintParameter], sql: 'SELECT FROM pg_advisory_lock($1)' });
const RELEASE_LOCK = sqlStatement({ takes: [bigintParameter], sql: 'SELECT FROM pg_advisory_unlock($1)' });
const COUNT_MIGRATIONS = sqlStatement({
  takes: [],
  gives: { done: integer },
  sql: 'SELECT count(*)::int AS done FROM migrations',
});

/**
 * A data source whose migrations run one at a time, across all starting servers and the command line, and bring the
 * schema of the jobs up to date as well.
 */
export class MigratedDataSource extends DataSource {
  override runMigrations(...args: Parameters<DataSource['runMigrations']>): ReturnType<DataSource['runMigrations']> {
    return this.withMigrationLock(async () => {
      const migrated = await super.runMigrations(...args);
      await migrateJobSchema(this, databaseUrlOf(this.options));
      return migrated;
    });
  }

  override undoLastMigration(...args: Parameters<DataSource['undoLastMigration']>): Promise<void> {
    return this.withMigrationLock(() => super.undoLastMigration(...args));
  }

  /** Needs the lock as well: it creates the migrations table if that is missing. */
  override showMigrations(): Promise<boolean> {
    return this.withMigrationLock(() => super.showMigrations());
  }

  private async withMigrationLock<T>(work: () => Promise<T>): Promise<T> {
    const runner = this.createQueryRunner();
    try {
      await TAKE_LOCK.execute(runner, MIGRATION_LOCK);
      try {
        return await work();
      } finally {
        await RELEASE_LOCK.execute(runner, MIGRATION_LOCK);
      }
    } finally {
      await runner.release();
    }
  }
}

/** @throws when the options are none of `createDataSourceOptions` */
export function databaseUrlOf(options: DataSourceOptions): string {
  if (!('url' in options) || !options.url) throw new Error('the options of the database have no address');
  return options.url;
}

/** @returns whether all migrations of this build have been applied. */
export async function isSchemaMigrated(db: DataSource): Promise<boolean> {
  const row = await COUNT_MIGRATIONS.findRow(db);
  return (row?.done ?? 0) >= migrations.length;
}

/** The database cannot be used at start; the message says why in one sentence, without the password of the URL. */
export class DatabaseUnreachableError extends Error {
  constructor(cause: unknown) {
    const verb = isWriteRefusal(cause) ? 'written' : 'reached';
    super(`The database in DATABASE_URL cannot be ${verb}: ${errorReasonOf(cause)}.`, { cause });
    this.name = 'DatabaseUnreachableError';
  }
}
