import { DataSource } from 'typeorm';
import { createDataSourceOptions } from '../../src/platform/database/data-source-options';
import { newDatabase, type TestDatabase } from '../support/database';

const TIMES = 25;

let database: TestDatabase;
let db: DataSource;

beforeAll(async () => {
  database = await newDatabase();
  db = new DataSource({ ...createDataSourceOptions(database.url), migrations: [], poolSize: 1 } as never);
  await db.initialize();
  await db.query('CREATE TABLE cities (id int PRIMARY KEY, name text NOT NULL)');
});
afterAll(async () => {
  await db.destroy();
  await database.drop();
});

const prepared = async (text: string): Promise<number> => {
  const rows = await db.query<unknown[]>(`SELECT FROM pg_prepared_statements WHERE statement = '${text}'`);
  return rows.length;
};
const often = async (text: string, parameters?: unknown[]): Promise<void> => {
  for (let i = 0; i < TIMES; i++) await db.query(text, parameters);
};

it('prepares a statement once it has run often, and not before', async () => {
  const text = 'SELECT $1::int + 1 AS next';
  await db.query(text, [1]);
  expect(await prepared(text)).toBe(0);
  await often(text, [1]);
  expect(await prepared(text)).toBe(1);
  expect(await db.query(text, [41])).toEqual([{ next: 42 }]);
});

it('does not prepare statements without parameters', async () => {
  const text = 'SELECT count(*) FROM cities';
  await often(text);
  expect(await prepared(text)).toBe(0);
});

it('keeps the details of an error in a prepared statement, and still runs it', async () => {
  const text = 'INSERT INTO cities (id, name) VALUES ($1, $2)';
  for (let id = 1; id <= TIMES; id++) await db.query(text, [id, 'Tver']);
  expect(await prepared(text)).toBe(1);
  await expect(db.query(text, [1, 'Omsk'])).rejects.toMatchObject({ driverError: { constraint: 'cities_pkey' } });
  await db.query(text, [1000, 'Omsk']);
});

it('prepares a statement later that could not be prepared in a failed transaction', async () => {
  const text = 'SELECT name FROM cities WHERE id = $1 AND id > 0';
  await expect(
    db.transaction(async (tx) => {
      await tx.query('SELECT 1 / 0').catch(() => undefined);
      for (let i = 0; i < TIMES; i++) await expect(tx.query(text, [1])).rejects.toMatchObject({ code: '25P02' });
    }),
  ).resolves.toBeUndefined();
  expect(await db.query(text, [1000])).toEqual([{ name: 'Omsk' }]);
  expect(await prepared(text)).toBe(1);
});

it('still runs a prepared statement after a migration has changed its table', async () => {
  const text = 'SELECT name FROM cities WHERE id = $1';
  await often(text, [1000]);
  await db.query('ALTER TABLE cities ADD COLUMN river text, DROP COLUMN id CASCADE, ADD COLUMN id bigint DEFAULT 1000');
  expect((await db.query<unknown[]>(text, [1000])).length).toBeGreaterThan(0);
});
