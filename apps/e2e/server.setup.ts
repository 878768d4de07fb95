import { startServer } from '../../tools/testing/e2e-server.mjs';

/** Starts the built api with its own database; specs read WEBCALL_URL, WEBCALL_CODE and WEBCALL_DATABASE_URL. */
export default async function setup(): Promise<() => Promise<void>> {
  if (process.env.WEBCALL_URL) return async () => {};
  const server = await startServer();
  process.env.WEBCALL_URL = server.url;
  process.env.WEBCALL_CODE = server.code;
  process.env.WEBCALL_DATABASE_URL = server.databaseUrl;
  return server.stop;
}
