import { Injectable } from '@nestjs/common';
import type { EventName, ServerToClient } from '@webcall/contracts';
import { Live } from '../live/live';
import { socketRoom, type RealtimeServer, type ServerSocket } from './socket';

/** Those who are told. */
export interface Audience {
  emit<E extends EventName>(event: E, ...payload: Parameters<ServerToClient[E]>): unknown;
}

/** Tells clients of all replicas what happened, and decides which of them are told what. */
@Injectable()
export class Realtime {
  private attached: RealtimeServer | undefined;

  constructor(private readonly live: Live) {}

  /** Called once, when the server of the sockets is there. */
  attach(server: RealtimeServer): void {
    this.attached = server;
  }

  get server(): RealtimeServer {
    if (!this.attached) throw new Error('the sockets are not there yet');
    return this.attached;
  }

  /** The sockets of this process. */
  localSockets(): ServerSocket[] {
    return [...this.server.sockets.sockets.values()];
  }

  /** All members of a room. */
  toRoom(roomId: string): Audience {
    return this.server.to(socketRoom.room(roomId));
  }

  /** All members of a room but one. */
  toOthers(roomId: string, userId: string): Audience {
    return this.server.to(socketRoom.room(roomId)).except(socketRoom.user(userId));
  }

  /** All devices of a user. */
  toUser(userId: string): Audience {
    return this.server.to(socketRoom.user(userId));
  }

  /** All devices of many users. There has to be one at least: nobody would mean everybody. */
  toUsers(userIds: readonly [string, ...string[]]): Audience {
    return this.server.to(userIds.map((id) => socketRoom.user(id)));
  }

  /** From now on the user's sockets are told what happens in the room. */
  userJoinedRoom(userId: string, roomId: string): void {
    this.server.in(socketRoom.user(userId)).socketsJoin(socketRoom.room(roomId));
  }

  userLeftRoom(userId: string, roomId: string): void {
    this.server.in(socketRoom.user(userId)).socketsLeave(socketRoom.room(roomId));
  }

  /** Tells the sockets of a session that it is over, and closes them. */
  endSession(sessionId: string, code: 'session_ended'): void {
    this.end(socketRoom.session(sessionId), code);
  }

  /** The same for all sessions of a user. */
  endUser(userId: string): void {
    this.end(socketRoom.user(userId), 'session_ended');
  }

  private end(sockets: string, code: 'session_ended'): void {
    const tell = (server: Pick<RealtimeServer, 'in'>): void => {
      server.in(sockets).emit('session:ended', { code });
      server.in(sockets).disconnectSockets(true);
    };
    // What all replicas are told waits for the store, here too.
    if (this.live.isAway()) tell(this.server.local);
    tell(this.server);
  }
}
