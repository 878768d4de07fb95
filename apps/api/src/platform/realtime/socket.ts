import type { ClientToServer, ServerToClient } from '@webcall/contracts';
import type { DefaultEventsMap, Server, Socket } from 'socket.io';
import type { Principal } from '../access/principal';

/** What the server remembers of a socket. */
interface SocketData {
  principal: Principal;
  /** When the access token ends that it came with. */
  expiresAt: Date;
}

/** The server's end of a client's connection. */
export type ServerSocket = Socket<ClientToServer, ServerToClient, DefaultEventsMap, SocketData>;

/** All connections of this process, and through its adapter those of the others. */
export type RealtimeServer = Server<ClientToServer, ServerToClient, DefaultEventsMap, SocketData>;

/** Names of the groups of sockets that something can be told to. */
export const socketRoom = {
  room: (roomId: string): string => `room:${roomId}`,
  user: (userId: string): string => `user:${userId}`,
  session: (sessionId: string): string => `session:${sessionId}`,
  participant: (participantId: string): string => `participant:${participantId}`,
};
