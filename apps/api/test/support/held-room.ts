import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import type { TestApp } from './test-app';

/**
 * Holds the lock of a room from a connection of its own until all the steps wait for it, in their order, and lets go.
 * PostgreSQL lets in first who came first, so the steps happen in that order too.
 */
export async function inOrder<T extends (() => Promise<unknown>)[]>(
  { db }: TestApp,
  roomId: string,
  ...steps: T
): Promise<{ [K in keyof T]: Awaited<ReturnType<T[K]>> }> {
  const holder = new Client({ connectionString: db.url });
  await holder.connect();
  const taken: Promise<unknown>[] = [];
  try {
    await holder.query('BEGIN');
    await holder.query('SELECT FROM rooms WHERE id = $1 FOR UPDATE', [roomId]);
    for (const step of steps) {
      taken.push(step());
      await waitingFor(db, taken.length);
    }
    await holder.query('COMMIT');
  } finally {
    await holder.end();
  }
  return (await Promise.all(taken)) as never;
}

/** Resolves when so many connections of the database wait for a lock. */
async function waitingFor(db: TestApp['db'], count: number): Promise<void> {
  for (;;) {
    const waiting = await db.query(
      `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    if (waiting.length >= count) return;
    await pause(10);
  }
}
