import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { DataSource, DataSourceOptions } from 'typeorm';
import { APP_CONFIG, type AppConfig } from '../../config/app-config';
import { dataSourceOptions } from './data-source-options';
import { isOutage } from '../http/outage';
import { placeOf, sayIfLate } from '../logging/say-if-late';
import { DatabaseWrites } from './database-writes';
import { DatabaseUnreachable } from './database-unreachable';
import { MigratedDataSource } from './migrated-data-source';

/** PostgreSQL, migrated before anything else starts. Features name their entities with `TypeOrmModule.forFeature`. */
@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      inject: [APP_CONFIG],
      useFactory: (config: AppConfig) => ({
        ...dataSourceOptions(config.databaseUrl),
        autoLoadEntities: true,
        // Whoever starts the process starts it again; what is wrong is said at once.
        retryAttempts: 0,
      }),
      dataSourceFactory: (options) => connect(options),
    }),
  ],
  providers: [DatabaseWrites],
  exports: [DatabaseWrites],
})
export class DatabaseModule {}

async function connect(options: DataSourceOptions | undefined): Promise<DataSource> {
  if (!options) throw new Error('the options of the database are missing');
  const db = new MigratedDataSource(options);
  const place = placeOf(('url' in options && options.url) || 'postgres://', 5432);
  try {
    await sayIfLate(db.initialize(), () => `PostgreSQL at ${place} (DATABASE_URL) has not answered yet.`);
  } catch (error) {
    throw new DatabaseUnreachable(error);
  }
  try {
    await sayIfLate(db.runMigrations(), () => 'The database is brought up to date, here or by another process.');
  } catch (error) {
    throw isOutage(error) ? new DatabaseUnreachable(error) : error;
  }
  return db;
}
