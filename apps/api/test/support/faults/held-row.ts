import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import type { TestDatabase } from '../database';

/** How often waiting requests are counted, in ms. */
const PACE = 5;

/** The tables whose rows are held, each with the lock mode that makes requests wait. */
const LOCKS = { users: 'NO KEY UPDATE', rooms: 'UPDATE', pairings: 'UPDATE' } as const;

/** The answers of requests, in their order. */
type Answers<T extends readonly (() => Promise<unknown>)[]> = { [K in keyof T]: Awaited<ReturnType<T[K]>> };

/** A transaction of the test that locks a row, so that requests about it wait and then run in a known order. */
export class HeldRow {
  private constructor(
    private readonly client: Client,
    private readonly db: TestDatabase,
  ) {}

  static async hold(db: TestDatabase, table: keyof typeof LOCKS, id: string): Promise<HeldRow> {
    const client = new Client({ connectionString: db.url });
    await client.connect();
    await client.query('BEGIN');
    await client.query(`SELECT FROM ${table} WHERE id = $1 FOR ${LOCKS[table]}`, [id]);
    return new HeldRow(client, db);
  }

  /** Runs a statement in this transaction. */
  async query(sql: string, parameters: unknown[]): Promise<void> {
    await this.client.query(sql, parameters);
  }

  /**
   * Sends requests one after another, each once the previous ones wait, then releases the row and returns the answers.
   * PostgreSQL grants the lock in order of arrival, so they also run in that order.
   */
  async release<T extends (() => Promise<unknown>)[]>(how: 'COMMIT' | 'ROLLBACK', ...requests: T): Promise<Answers<T>> {
    const answers: Promise<unknown>[] = [];
    let underWay = 0;
    try {
      for (const request of requests) {
        underWay++;
        answers.push(request().finally(() => underWay--));
        while ((await this.waiting()) < underWay) await delay(PACE);
      }
      await this.client.query(how);
    } finally {
      await this.client.end();
    }
    return (await Promise.all(answers)) as Answers<T>;
  }

  /** @returns how many requests wait for a lock in this database */
  private async waiting(): Promise<number> {
    const [row] = await this.db.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return row!.count;
  }
}
