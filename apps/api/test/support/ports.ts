import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/** @returns an unused port of 127.0.0.1 */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

let quietPorts = 0;

/**
 * @returns an unused port of 127.0.0.1 that stays free even while its server is down: it is below the range that
 * systems assign by themselves, and test processes that run in parallel start far apart
 */
export async function quietPort(): Promise<number> {
  for (;;) {
    const port = 20_000 + (process.pid % 100) * 100 + (quietPorts++ % 100);
    const server = createServer().listen(port, '127.0.0.1');
    const free = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (!free) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}
