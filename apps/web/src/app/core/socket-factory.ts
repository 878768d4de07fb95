import { InjectionToken } from '@angular/core';
import type { ClientToServer, ServerToClient } from '@webcall/contracts';
import type { Socket } from 'socket.io-client';

export type ClientSocket = Socket<ServerToClient, ClientToServer>;

/**
 * How long an attempt to connect may take: one that began while the network was changing may hang for a quarter of a
 * minute before the system tries again, while a new one goes through at once. Slow networks get more with each attempt.
 */
const FIRST_MS = 3000;
const LONGEST_MS = 20_000;

/** Makes the socket, not yet connected. `auth` is asked for the handshake at each attempt. */
export type SocketFactory = (auth: () => { token: string }) => Promise<ClientSocket>;

/** Loads Socket.IO only when somebody is signed in. */
export const SOCKET_FACTORY = new InjectionToken<SocketFactory>('SOCKET_FACTORY', {
  providedIn: 'root',
  factory: () => async (auth) => {
    const { io } = await import('socket.io-client');
    const socket: ClientSocket = io({
      autoConnect: false,
      // WebSocket first saves two round trips; polling stays for networks that do not let it through.
      transports: ['websocket', 'polling'],
      tryAllTransports: true,
      reconnectionDelay: 300,
      reconnectionDelayMax: 2000,
      timeout: FIRST_MS,
      auth: (give) => give(auth()),
    });
    socket.io.on('reconnect_attempt', (attempt) => socket.io.timeout(Math.min(LONGEST_MS, FIRST_MS * attempt)));
    return socket;
  },
});
