import { migrations } from '@webcall/migrations';
import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import type { MigrationInterface } from 'typeorm';

/** The database of one spec file. */
export interface TestDatabase {
  readonly url: string;
  query<R>(sql: string, parameters?: unknown[]): Promise<R[]>;
  drop(): Promise<void>;
}

/** Creates an empty database on a server, by default that of `TEST_DATABASE_URL`. */
export async function newDatabase(server = process.env['TEST_DATABASE_URL']): Promise<TestDatabase> {
  if (!server) throw new Error('TEST_DATABASE_URL is missing: `npm test` starts a PostgreSQL and sets it');
  const name = `webcall_test_${randomBytes(6).toString('hex')}`;
  await once(server, `CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    query: (sql, parameters) => once(url.href, sql, parameters),
    drop: async () => void (await once(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)),
  };
}

async function once<R>(url: string, sql: string, parameters?: unknown[]): Promise<R[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql, parameters)).rows as R[];
  } finally {
    await client.end();
  }
}

/** One migration, to be reverted and run again on test data. */
export function migrationNamed(name: string): MigrationInterface {
  const found = migrations.find((each) => each.name === name);
  if (!found) throw new Error(`there is no migration ${name}`);
  return new found();
}
