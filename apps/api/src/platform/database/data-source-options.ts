import type { DataSourceOptions } from 'typeorm';
import { migrations } from '@webcall/migrations';
import { DatabaseLogger } from './database-logger';
import { PreparingClient } from './preparing-client';

/** How the database is reached. The schema is made by migrations alone. */
export function dataSourceOptions(url: string): DataSourceOptions {
  return {
    type: 'postgres',
    url,
    migrations,
    migrationsTransactionMode: 'each',
    installExtensions: false,
    applicationName: 'webcall',
    connectTimeoutMS: 5_000,
    poolSize: 20,
    extra: { Client: PreparingClient },
    logger: new DatabaseLogger(),
  };
}
