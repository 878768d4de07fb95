import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A wire in front of the server that can be cut. */
export interface Wire {
  readonly url: string;
  /** Breaks every connection and lets none through. */
  cut(): void;
  mend(): void;
  /** Leaves every connection hanging, as over a network that is gone: nothing comes through, and nobody is told. */
  strand(): void;
  close(): Promise<void>;
}

/**
 * Lays a wire to the server at `target`. What does not run through it (media between browsers) goes on when it is cut.
 * @param webSockets whether it lets them through, which not every network does
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
