import type { DataSource } from 'typeorm';
import { migrations } from '@webcall/migrations';

/** Any number, as long as nothing else in the database locks the same one. */
const MIGRATION_LOCK = 7_203_318;

/** Runs the missing migrations. Processes that start together wait for one another. */
export async function migrate(db: DataSource): Promise<void> {
  const runner = db.createQueryRunner();
  try {
    await runner.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    try {
      await db.runMigrations({ transaction: 'each' });
    } finally {
      await runner.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    }
  } finally {
    await runner.release();
  }
}

/** @returns whether the schema is the one that this build was written for. */
export async function isMigrated(db: DataSource): Promise<boolean> {
  const [row] = await db.query<{ done: number }[]>('SELECT count(*)::int AS done FROM migrations');
  return (row?.done ?? 0) >= migrations.length;
}
