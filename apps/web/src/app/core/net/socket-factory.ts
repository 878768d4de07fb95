import { InjectionToken } from '@angular/core';
import { type ClientToServer, HEARTBEAT, type ServerToClient } from '@webcall/contracts';
import type { Socket } from 'socket.io-client';

export type ClientSocket = Socket<ServerToClient, ClientToServer>;

/**
 * How long an attempt to connect may take: one that began while the network was changing may hang for a quarter of a
 * minute before the system tries again, while a new one goes through at once. Slow networks get more with each attempt.
 */
const FIRST_MS = 3000;
const LONGEST_MS = 20_000;
/** WebSocket at once saves two round trips. Polling is for networks that do not let it through, and asks for it, too. */
const WEBSOCKET = ['websocket'];
const POLLING_FIRST = ['polling', 'websocket'];

/** Makes the socket, not yet connected. `auth` is asked for the handshake at each attempt. */
export type SocketFactory = (auth: () => { token: string }) => Promise<ClientSocket>;

/** Loads Socket.IO only when somebody is signed in. */
export const SOCKET_FACTORY = new InjectionToken<SocketFactory>('SOCKET_FACTORY', {
  providedIn: 'root',
  factory: () => async (auth) => {
    const { io } = await import('socket.io-client');
    const socket: ClientSocket = io({
      autoConnect: false,
      transports: WEBSOCKET,
      reconnectionDelay: 300,
      reconnectionDelayMax: 2000,
      timeout: FIRST_MS,
      // A heartbeat ends each poll before. One on a network that is gone would hang for minutes, and the browser lets a
      // page have six requests at a time.
      requestTimeout: HEARTBEAT.interval + HEARTBEAT.timeout,
      auth: (give) => give(auth()),
    });
    const manager = socket.io;
    manager.on('reconnect_attempt', (attempt) => manager.timeout(Math.min(LONGEST_MS, FIRST_MS * attempt)));
    let failed = 0;
    manager.on('error', () => (manager.opts.transports = ++failed % 2 === 1 ? POLLING_FIRST : WEBSOCKET));
    manager.on('close', () => {
      failed = 0;
      manager.opts.transports = WEBSOCKET;
    });
    return socket;
  },
});
