import { InjectionToken } from '@angular/core';
import type { ClientToServer, ServerToClient } from '@webcall/contracts';
import type { Socket } from 'socket.io-client';

export type ClientSocket = Socket<ServerToClient, ClientToServer>;

/** Makes the socket, not yet connected. `auth` is asked for the handshake at each attempt. */
export type SocketFactory = (auth: () => { token: string }) => Promise<ClientSocket>;

/** Loads Socket.IO only when somebody is signed in. */
export const SOCKET_FACTORY = new InjectionToken<SocketFactory>('SOCKET_FACTORY', {
  providedIn: 'root',
  factory: () => async (auth) => {
    const { io } = await import('socket.io-client');
    return io({
      autoConnect: false,
      // WebSocket first saves two round trips; polling stays for networks that do not let it through.
      transports: ['websocket', 'polling'],
      tryAllTransports: true,
      reconnectionDelay: 300,
      reconnectionDelayMax: 4000,
      auth: (give) => give(auth()),
    });
  },
});
