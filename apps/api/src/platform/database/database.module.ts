import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { DataSource, DataSourceOptions } from 'typeorm';
import { APP_CONFIG, type AppConfig } from '../../config/app-config';
import { isStoreOutage } from '../http/outage';
import { hostAndPortOf, warnIfSlow } from '../logging/warn-if-slow';
import { createDataSourceOptions } from './data-source-options';
import { DatabaseWriteProbe } from './database-write-probe';
import { DatabaseUnreachableError, databaseUrlOf, MigratedDataSource } from './migrated-data-source';

/** Connects to PostgreSQL and migrates it first. Features add their entities with `TypeOrmModule.forFeature`. */
@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      inject: [APP_CONFIG],
      useFactory: (config: AppConfig) => ({
        ...createDataSourceOptions(config.databaseUrl),
        autoLoadEntities: true,
        // Restarting is up to the process manager; a failure is reported at once.
        retryAttempts: 0,
      }),
      dataSourceFactory: (options) => connectDatabase(options),
    }),
  ],
  providers: [DatabaseWriteProbe],
  exports: [DatabaseWriteProbe],
})
export class DatabaseModule {}

async function connectDatabase(options: DataSourceOptions | undefined): Promise<DataSource> {
  if (!options) throw new Error('the options of the database are missing');
  const db = new MigratedDataSource(options);
  const address = hostAndPortOf(databaseUrlOf(options), 5432);
  try {
    await warnIfSlow(db.initialize(), () => `PostgreSQL at ${address} (DATABASE_URL) has not answered yet.`);
  } catch (error) {
    throw new DatabaseUnreachableError(error);
  }
  try {
    await warnIfSlow(db.runMigrations(), () => 'The database is brought up to date, here or by another process.');
  } catch (error) {
    throw isStoreOutage(error) ? new DatabaseUnreachableError(error) : error;
  }
  return db;
}
