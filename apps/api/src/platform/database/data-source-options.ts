import { migrations } from '@webcall/migrations';
import type { DataSourceOptions } from 'typeorm';
import { DatabaseLogger } from './database-logger';
import { PreparedStatementClient } from './prepared-statement-client';

/** Options of the connection to PostgreSQL. Only migrations change the schema. */
export function createDataSourceOptions(url: string): DataSourceOptions {
  return {
    type: 'postgres',
    url,
    migrations,
    migrationsTransactionMode: 'each',
    installExtensions: false,
    applicationName: 'webcall',
    connectTimeoutMS: 5_000,
    poolSize: 20,
    // A connection that the network has dropped without a word ends, and with it the statement that waits on it.
    // `query_timeout` is no means for that: migrations wait for each other, and the pool would go on using such a
    // connection.
    extra: { Client: PreparedStatementClient, keepAlive: true, keepAliveInitialDelayMillis: 10_000 },
    logger: new DatabaseLogger(),
  };
}
