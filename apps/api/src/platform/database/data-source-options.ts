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
    extra: { Client: PreparedStatementClient },
    logger: new DatabaseLogger(),
  };
}
