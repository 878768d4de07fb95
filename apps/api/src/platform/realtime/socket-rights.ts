import { Injectable } from '@nestjs/common';
import { AccessTokens } from '../access/access-tokens';
import { BatchedLookup } from '../batched-lookup';
import { RoomMemberships } from '../ports';
import { closeSocketWithReason, type ServerSocket, socketRoomName } from './server-socket';

/** Aligns sockets with the database: closes those of ended sessions, and corrects the rooms of the others. */
@Injectable()
export class SocketRights {
  private readonly newSockets = new BatchedLookup(async (sockets: readonly ServerSocket[]) => {
    await this.alignSocketRights(sockets);
    return new Map<ServerSocket, never>();
  });

  constructor(
    private readonly tokens: AccessTokens,
    private readonly memberships: RoomMemberships,
  ) {}

  /** Aligns a socket that has just come, together with others that come at the same moment. */
  async alignNewSocket(socket: ServerSocket): Promise<void> {
    await this.newSockets.load(socket);
  }

  /** Closes the sockets of ended sessions, and puts all others into exactly the rooms of their users. */
  async alignSocketRights(sockets: readonly ServerSocket[]): Promise<void> {
    await this.alignSocketRooms(await this.closeEndedSessions(sockets));
  }

  /** @returns the sockets whose sessions are active */
  private async closeEndedSessions(sockets: readonly ServerSocket[]): Promise<ServerSocket[]> {
    const sessions = await this.tokens.findActiveSessions([
      ...new Set(sockets.map(({ data }) => data.principal.sessionId)),
    ]);
    return sockets.filter((socket) => {
      const isActive = sessions.has(socket.data.principal.sessionId);
      if (!isActive) closeSocketWithReason(socket, 'session_ended');
      return isActive;
    });
  }

  /** Repeats for changed sockets, since memberships may have changed again meanwhile. */
  private async alignSocketRooms(sockets: readonly ServerSocket[]): Promise<void> {
    let unsettled = sockets.filter(({ connected }) => connected);
    while (unsettled.length > 0) {
      const userIds = [...new Set(unsettled.map(({ data }) => data.principal.userId))];
      const rooms = await this.memberships.loadRoomIdsByUser(userIds);
      const changed: ServerSocket[] = [];
      for (const socket of unsettled) {
        const expected = new Set((rooms.get(socket.data.principal.userId) ?? []).map((id) => socketRoomName.room(id)));
        if (await joinExactRooms(socket, expected)) changed.push(socket);
      }
      unsettled = changed.filter(({ connected }) => connected);
    }
  }
}

/** @returns whether anything changed */
async function joinExactRooms(socket: ServerSocket, rooms: ReadonlySet<string>): Promise<boolean> {
  const obsolete = [...socket.rooms].filter((room) => room.startsWith(socketRoomName.room('')) && !rooms.has(room));
  const missing = [...rooms].filter((room) => !socket.rooms.has(room));
  if (missing.length > 0) await socket.join(missing);
  for (const room of obsolete) await socket.leave(room);
  return obsolete.length + missing.length > 0;
}
