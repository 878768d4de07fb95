import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { loadDatabaseUrl } from './config/load-config';
import { dataSourceOptions } from './platform/database/data-source-options';

/** For the TypeORM command line: `typeorm migration:show -d dist/apps/api/data-source.js`. */
export default new DataSource(dataSourceOptions(loadDatabaseUrl()));
