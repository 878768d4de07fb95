import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A proxy in front of the server whose connections can be cut. */
export interface Wire {
  readonly url: string;
  /** Breaks every connection and refuses new ones. */
  cut(): void;
  mend(): void;
  /** Leaves every connection open without passing data, like a dead network that nobody has noticed. */
  strand(): void;
  close(): Promise<void>;
}

/**
 * Starts a proxy to the server at `target`. Media between browsers do not pass it and continue when it is cut.
 * @param webSockets whether WebSockets pass, which not every network allows
 */
export async function layWire(target: string, { webSockets = true } = {}): Promise<Wire> {
  const { hostname, port } = new URL(target);
  const open = new Set<Socket>();
  let whole = true;
  const server = createServer((near) => {
    if (!whole) {
      near.destroy();
      return;
    }
    const far = connect(Number(port), hostname);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        open.delete(socket);
        other.destroy();
      });
    }
    near.pipe(far).pipe(near);
    if (!webSockets) near.once('data', (head: Buffer) => head.includes('transport=websocket') && near.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    cut() {
      whole = false;
      for (const socket of open) socket.destroy();
    },
    mend() {
      whole = true;
    },
    strand() {
      for (const socket of open) socket.unpipe().pause();
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of open) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
