import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import type { TestDatabase } from './database';

/** How often one looks who waits, in ms. */
const PACE = 5;

/** A transaction of the test's own that holds the row of a user, so that requests about them wait in a known order. */
export class HeldUser {
  private constructor(
    private readonly client: Client,
    private readonly db: TestDatabase,
  ) {}

  static async hold(db: TestDatabase, userId: string): Promise<HeldUser> {
    const client = new Client({ connectionString: db.url });
    await client.connect();
    await client.query('BEGIN');
    await client.query('SELECT FROM users WHERE id = $1 FOR NO KEY UPDATE', [userId]);
    return new HeldUser(client, db);
  }

  /** Does something in this transaction. */
  async query(sql: string, parameters: unknown[]): Promise<void> {
    await this.client.query(sql, parameters);
  }

  /** Sends requests one after another, each when those before it wait, then lets go; answers what they were answered. */
  async release<T>(how: 'COMMIT' | 'ROLLBACK', ...requests: (() => Promise<T>)[]): Promise<T[]> {
    const answers: Promise<T>[] = [];
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
    return Promise.all(answers);
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
