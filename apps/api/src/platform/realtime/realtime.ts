import { Injectable } from '@nestjs/common';
import type { ServerToClientEvents, SocketEventName } from '@webcall/contracts';
import { type DomainEvents, OnEvent } from '../events/domain-events';
import { LiveStore } from '../live/live-store';
import { type RealtimeServer, type ServerSocket, socketRoomName } from './server-socket';

/** The recipients of an event. */
export interface BroadcastTarget {
  emit<E extends SocketEventName>(event: E, ...payload: Parameters<ServerToClientEvents[E]>): unknown;
}

/** Sends events to clients on all replicas, and manages which sockets receive which events. */
@Injectable()
export class Realtime {
  private attachedServer: RealtimeServer | undefined;

  constructor(private readonly live: LiveStore) {}

  /** Called once, when the Socket.IO server has been created. */
  attachServer(server: RealtimeServer): void {
    this.attachedServer = server;
  }

  get socketServer(): RealtimeServer {
    if (!this.attachedServer) throw new Error('the socket server has not been attached yet');
    return this.attachedServer;
  }

  /** @returns the sockets of this process */
  listLocalSockets(): ServerSocket[] {
    return [...this.socketServer.sockets.sockets.values()];
  }

  /** All members of a room. */
  toRoomMembers(roomId: string): BroadcastTarget {
    return this.socketServer.to(socketRoomName.room(roomId));
  }

  /** All members of a room but one. */
  toOtherRoomMembers(roomId: string, userId: string): BroadcastTarget {
    return this.socketServer.to(socketRoomName.room(roomId)).except(socketRoomName.user(userId));
  }

  /** All devices of a user. */
  toUserDevices(userId: string): BroadcastTarget {
    return this.socketServer.to(socketRoomName.user(userId));
  }

  /** All devices of a user but the one that has this session. */
  toOtherDevicesOfUser(userId: string, sessionId: string): BroadcastTarget {
    return this.socketServer.to(socketRoomName.user(userId)).except(socketRoomName.session(sessionId));
  }

  /** All devices of many users. At least one is required: an empty list would address every socket. */
  toDevicesOfUsers(userIds: readonly [string, ...string[]]): BroadcastTarget {
    return this.socketServer.to(userIds.map((id) => socketRoomName.user(id)));
  }

  /** All devices of a user, and all members of some rooms: each of them once. */
  toUserAndRoomMembers(userId: string, roomIds: readonly string[]): BroadcastTarget {
    return this.socketServer.to([socketRoomName.user(userId), ...roomIds.map((id) => socketRoomName.room(id))]);
  }

  /** From now on the user's sockets receive the events of the room. */
  subscribeUserToRoom(userId: string, roomId: string): void {
    this.socketServer.in(socketRoomName.user(userId)).socketsJoin(socketRoomName.room(roomId));
  }

  unsubscribeUserFromRoom(userId: string, roomId: string): void {
    this.socketServer.in(socketRoomName.user(userId)).socketsLeave(socketRoomName.room(roomId));
  }

  /** Informs the sockets of a session that it has ended, and closes them. */
  @OnEvent('session.ended')
  endSocketsOfSession({ sessionId }: DomainEvents['session.ended']): void {
    this.endSocketGroup(socketRoomName.session(sessionId));
  }

  /** Does the same for all sessions of a user who was erased. */
  @OnEvent('user.erased')
  endSocketsOfUser({ userId }: DomainEvents['user.erased']): void {
    this.endSocketGroup(socketRoomName.user(userId));
  }

  private endSocketGroup(sockets: string): void {
    const endSockets = (server: Pick<RealtimeServer, 'in'>): void => {
      server.in(sockets).emit('session:ended', { code: 'session_ended' });
      server.in(sockets).disconnectSockets(true);
    };
    // Broadcasts to all replicas wait for the store, even for local sockets, so those are ended directly.
    if (this.live.isStoreAway()) endSockets(this.socketServer.local);
    endSockets(this.socketServer);
  }
}
