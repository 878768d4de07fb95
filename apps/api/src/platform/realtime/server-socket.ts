import type { ClientToServerCommands, ServerToClientEvents } from '@webcall/contracts';
import type { DefaultEventsMap, Server, Socket } from 'socket.io';
import type { Principal } from '../access/principal';

/** Data that the server keeps for a socket. */
interface SocketData {
  principal: Principal;
  /** When the access token of the handshake expires. */
  expiresAt: Date;
}

/** The server side of a client's socket. */
export type ServerSocket = Socket<ClientToServerCommands, ServerToClientEvents, DefaultEventsMap, SocketData>;

/** The Socket.IO server: the sockets of this process and, through its adapter, those of other replicas. */
export type RealtimeServer = Server<ClientToServerCommands, ServerToClientEvents, DefaultEventsMap, SocketData>;

/** Names of the Socket.IO rooms, the groups of sockets that events can be sent to. */
export const socketRoomName = {
  room: (roomId: string): string => `room:${roomId}`,
  user: (userId: string): string => `user:${userId}`,
  session: (sessionId: string): string => `session:${sessionId}`,
  participant: (participantId: string): string => `participant:${participantId}`,
};

/** Closes a socket. An expired token ends only the connection: with a new one the device returns to its seat. */
export function closeSocketWithReason(socket: ServerSocket, code: 'token_expired' | 'session_ended'): void {
  socket.emit('session:ended', { code });
  if (code === 'token_expired') socket.conn.close();
  else socket.disconnect(true);
}
