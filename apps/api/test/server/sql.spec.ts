import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import type { EntityTarget, ObjectLiteral } from 'typeorm';
import { createDataSourceOptions } from '../../src/platform/database/data-source-options';
import { MigratedDataSource } from '../../src/platform/database/migrated-data-source';
import { type DeclaredStatement, declaredStatements, sqlStatement } from '../../src/platform/database/sql-statement';
import * as types from '../../src/platform/database/sql-types';
import { newDatabase, type TestDatabase } from '../support/database';
import { findStatementProblems } from '../support/sql/statement-problems';

const { bool, bytea, integer, json, nullable, text, textOf, timestamp, uuid, uuidArray } = types;

const source = path.resolve(__dirname, '../../src');
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) =>
  /(?<!\.spec)\.ts$/.test(file),
);
const declarations = files
  .map((file) => ({ file, count: readFileSync(path.join(source, file), 'utf8').split(' sqlStatement({').length - 1 }))
  .filter(({ count }) => count > 0);
const loadModule = (file: string) => jest.requireActual<Record<string, unknown>>(path.join(source, file));
for (const { file } of declarations) loadModule(file);
const statements = [...declaredStatements];
const entities = files
  .filter((file) => file.endsWith('.entity.ts'))
  .flatMap((file) => Object.values(loadModule(file)) as EntityTarget<ObjectLiteral>[]);

let database: TestDatabase;
let db: MigratedDataSource;
let client: Client;

beforeAll(async () => {
  database = await newDatabase();
  db = new MigratedDataSource({ ...createDataSourceOptions(database.url), entities: entities as never });
  await db.initialize();
  await db.runMigrations();
  client = new Client({ connectionString: database.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await db.destroy();
  await database.drop();
});

it('finds every declared statement', () => {
  expect(statements.length).toBe(declarations.reduce((sum, { count }) => sum + count, 0));
  expect(statements.length).toBeGreaterThan(50);
});

it.each(statements.map((statement) => [statement.sql.replace(/\s+/g, ' ').slice(0, 100), statement] as const))(
  '%s… fits the migrated schema',
  async (_, statement) => expect(await findStatementProblems(client, statement)).toEqual([]),
);

const made = (
  sql: string,
  gives: DeclaredStatement['gives'] = {},
  takes: DeclaredStatement['takes'] = [],
): DeclaredStatement => ({ sql, gives, takes });
const MEMBER_OF = 'FROM rooms r LEFT JOIN members m ON m.room_id = r.id AND m.user_id = $1';

it.each<[string, DeclaredStatement, string[]]>([
  ['fits', made('SELECT id, email FROM users WHERE id = $1', { id: uuid, email: nullable(text) }, [uuid]), []],
  ['a missing table', made('SELECT FROM nothing'), ['relation "nothing" does not exist']],
  ['a missing column', made('SELECT nothing FROM users', { nothing: text }), ['column "nothing" does not exist']],
  [
    'a column under another name',
    made('SELECT user_id FROM members', { userId: uuid }),
    ['column userId does not exist', 'column user_id is not declared'],
  ],
  [
    'a number that arrives as a string',
    made('SELECT count(*) FROM users', { count: integer }),
    ['column count is bigint, not integer'],
  ],
  [
    'a time in the form of a text',
    made('SELECT created_at FROM users', { created_at: text }),
    ['column created_at is timestamp with time zone, not text'],
  ],
  ['a column that can be null', made('SELECT email FROM users', { email: text }), ['column email can be null']],
  ['a column that is never null', made('SELECT id FROM users', { id: nullable(uuid) }), ['column id is never null']],
  [
    'the outer side of a join',
    made(`SELECT r.id, m.role ${MEMBER_OF}`, { id: uuid, role: textOf() }, [uuid]),
    ['column role can be null'],
  ],
  [
    'an outer join that a condition makes an inner one',
    made(`SELECT m.role ${MEMBER_OF} WHERE m.role = 'owner'`, { role: textOf() }, [uuid]),
    [],
  ],
  [
    'a row that was just written',
    made(
      'WITH new AS (INSERT INTO removals (room_id, user_id) VALUES ($1, $2) RETURNING *) SELECT removed_by FROM new',
      { removed_by: uuid },
      [uuid, uuid],
    ),
    ['column removed_by can be null'],
  ],
  ['a parameter of another type', made('SELECT FROM users WHERE guest = $1', {}, [text]), ['$1 is boolean, not text']],
  ['a parameter too few', made('SELECT FROM users WHERE id = $1', {}, []), ['$1 is not declared']],
  ['a parameter too many', made('SELECT FROM users', {}, [uuid]), ['$1 does not exist']],
])('notices %s', async (_, statement, problems) => {
  expect(await findStatementProblems(client, statement)).toEqual(problems);
});

it('says what values look like in JavaScript', async () => {
  const sample = sqlStatement({
    takes: [],
    gives: {
      uuid,
      text,
      integer,
      double: types.double,
      bool,
      timestamp,
      bytes: bytea,
      uuids: uuidArray,
      json: json<{ a: number }>(),
      none: nullable(text),
    },
    sql: `SELECT gen_random_uuid() AS uuid, 'a'::text AS text, 7 AS integer, 0.5::float8 AS double, true AS bool,
      now() AS timestamp, '\\x00ff'::bytea AS bytes, ARRAY[gen_random_uuid()] AS uuids, '{"a": 1}'::jsonb AS json,
      NULL::text AS none`,
  });
  expect(await findStatementProblems(client, sample)).toEqual([]);
  const id = expect.stringMatching(/^[0-9a-f-]{36}$/);
  expect(await sample.findRow(db)).toEqual({
    uuid: id,
    text: 'a',
    integer: 7,
    double: 0.5,
    bool: true,
    timestamp: expect.any(Date),
    bytes: Buffer.of(0x00, 0xff),
    uuids: [id],
    json: { a: 1 },
    none: null,
  });
});

it('counts the changes of a statement', async () => {
  const change = sqlStatement({ takes: [text], gives: { id: uuid }, sql: 'UPDATE rooms SET name = $1 RETURNING id' });
  expect(await change.countChanges(db, 'Attic')).toBe(0);
  expect(await change.loadRows(db, 'Attic')).toEqual([]);
  const select = sqlStatement({ takes: [], sql: 'SELECT' });
  await expect(select.countChanges(db)).rejects.toThrow('only UPDATE and DELETE');
});

it('has entities that fit the migrated schema', async () => {
  expect(db.entityMetadatas.length).toBe(entities.length);
  const { rows } = await client.query<{ place: string; type: string; nullable: boolean }>(
    `SELECT attrelid::regclass || '.' || attname AS place, format_type(atttypid, NULL) AS type, NOT attnotnull AS nullable
     FROM pg_attribute WHERE attrelid = ANY ($1::regclass[]) AND attnum > 0`,
    [db.entityMetadatas.map(({ tableName }) => tableName)],
  );
  const declared = db.entityMetadatas.flatMap(({ tableName, columns }) =>
    columns.map((column) => ({
      place: `${tableName}.${column.databaseName}`,
      type: db.driver.normalizeType(column),
      nullable: column.isNullable,
    })),
  );
  expect(declared.length).toBeGreaterThan(20);
  for (const column of declared) expect(rows).toContainEqual(column);
});
