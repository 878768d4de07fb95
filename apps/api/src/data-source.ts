import 'reflect-metadata';
import { loadCommandConfig } from './config/load-config';
import { createDataSourceOptions } from './platform/database/data-source-options';
import { MigratedDataSource } from './platform/database/migrated-data-source';

/** For the TypeORM command line: `typeorm migration:show -d dist/apps/api/data-source.js`. */
export default new MigratedDataSource(createDataSourceOptions(loadCommandConfig().databaseUrl));
