import { startServer } from '../../tools/e2e-server.mjs';

/** The built api with a database of its own; specs read WEBCALL_URL and WEBCALL_CODE. */
export default async function setup(): Promise<() => Promise<void>> {
  if (process.env.WEBCALL_URL) return async () => {};
  const server = await startServer();
  process.env.WEBCALL_URL = server.url;
  process.env.WEBCALL_CODE = server.code;
  return server.stop;
}
