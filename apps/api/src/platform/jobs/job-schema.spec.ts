import { readFileSync } from 'node:fs';
import path from 'node:path';
import { JOB_SCHEMA_VERSION } from './job-schema';

const pgBoss = path.resolve(__dirname, '../../../../../node_modules/pg-boss/package.json');

it('is the version of the schema that the installed pg-boss works with', () => {
  const { pgboss } = JSON.parse(readFileSync(pgBoss, 'utf8')) as { pgboss: { schema: number } };
  expect(JOB_SCHEMA_VERSION).toBe(pgboss.schema);
});
