export async function startServer() {
  throw new Error('tools/e2e-server.mjs is being written: set WEBCALL_URL and WEBCALL_CODE of a running server');
}
