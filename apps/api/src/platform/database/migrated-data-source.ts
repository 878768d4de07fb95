import { DataSource } from 'typeorm';
import { migrations } from '@webcall/migrations';

/** Any number, as long as nothing else in the database locks the same one. */
const MIGRATION_LOCK = 7_203_318;

/** A database whose migrations wait for one another, whoever runs them: servers at their start, or the command line. */
export class MigratedDataSource extends DataSource {
  override runMigrations(...how: Parameters<DataSource['runMigrations']>): ReturnType<DataSource['runMigrations']> {
    return this.alone(() => super.runMigrations(...how));
  }

  override undoLastMigration(...how: Parameters<DataSource['undoLastMigration']>): Promise<void> {
    return this.alone(() => super.undoLastMigration(...how));
  }

  /** It makes the table that they are listed in. */
  override showMigrations(): Promise<boolean> {
    return this.alone(() => super.showMigrations());
  }

  private async alone<T>(work: () => Promise<T>): Promise<T> {
    const runner = this.createQueryRunner();
    try {
      await runner.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
      try {
        return await work();
      } finally {
        await runner.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
      }
    } finally {
      await runner.release();
    }
  }
}

/** @returns whether the schema is the one that this build was written for. */
export async function isMigrated(db: DataSource): Promise<boolean> {
  const [row] = await db.query<{ done: number }[]>('SELECT count(*)::int AS done FROM migrations');
  return (row?.done ?? 0) >= migrations.length;
}
