import { InjectionToken } from '@angular/core';
import { type ClientToServerCommands, type ServerToClientEvents, SOCKET_HEARTBEAT } from '@webcall/contracts';
import type { Socket } from 'socket.io-client';

export type ClientSocket = Socket<ServerToClientEvents, ClientToServerCommands>;

/**
 * How long an attempt to connect may take: one that began while the network was changing may hang for a quarter of a
 * minute before the system tries again, while a new one succeeds at once. Slow networks get more time per attempt.
 */
const FIRST_MS = 3000;
const LONGEST_MS = 20_000;
/** WebSocket at once saves two round trips. Polling is for networks that block it, and tries to upgrade to it. */
const WEBSOCKET = ['websocket'];
const POLLING_FIRST = ['polling', 'websocket'];

/** Creates the socket, not yet connected. `auth` is called for the handshake of each attempt. */
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
      // A heartbeat ends each poll earlier. A poll on a lost network would hang for minutes, and the browser allows a
      // page six requests at a time.
      requestTimeout: SOCKET_HEARTBEAT.interval + SOCKET_HEARTBEAT.timeout,
      auth: (callback) => callback(auth()),
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
