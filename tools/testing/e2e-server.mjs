/** Runs the built api with a fresh database on a free port, for the end-to-end tests. */
import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startApi } from '../launch/api-process.mjs';
import { build } from '../bootstrap.mjs';
import { dropDatabase, ensureDatabase, freePort, startPostgres } from '../launch/pg.mjs';
import { Plain } from '../say.mjs';

const code = 'end-to-end-7391';

/** Starts a PostgreSQL in a temporary folder, which is deleted at the end. */
export async function temporaryPostgres() {
  const folder = mkdtempSync(path.join(tmpdir(), 'webcall-'));
  chmodSync(folder, 0o711);
  const postgres = await startPostgres({ folder: path.join(folder, 'pg'), password: randomUUID(), durable: false });
  const stop = async () => {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { url: postgres.url, stop };
}

/** Uses the database server of TEST_DATABASE_URL, or else one of its own. `more` are additional or other settings. */
export async function startServer(more = {}) {
  build();
  const folder = mkdtempSync(path.join(tmpdir(), 'webcall-api-'));
  const given = process.env.TEST_DATABASE_URL;
  const postgres = given ? { url: given } : await temporaryPostgres();
  const database = `webcall_e2e_${randomUUID()}`;
  const port = await freePort();
  const settings = {
    APP_ENV: 'production',
    HOST: 'localhost',
    PORT: String(port),
    DATABASE_URL: await ensureDatabase(postgres.url, database),
    JWT_SECRET: randomUUID() + randomUUID(),
    REGISTRATION_SECRET: code,
    METRICS_TOKEN: randomUUID(),
    THROTTLE_SCALE: '100',
    BCRYPT_COST: '10',
    REDIS_URL: '',
    ...more,
  };
  const api = startApi({ ...process.env, ...settings }, path.join(folder, 'api.log'));
  const stop = async () => {
    await api.stop();
    await (postgres.stop ? postgres.stop() : dropDatabase(postgres.url, database));
    rmSync(folder, { recursive: true, force: true });
  };
  if (await api.ready())
    return { url: `http://${settings.HOST}:${port}`, code, databaseUrl: settings.DATABASE_URL, stop };
  const failure = api.failure();
  await api.stop();
  await postgres.stop?.();
  throw new Plain(failure);
}
