import { Injectable } from '@nestjs/common';
import { AccessTokens } from '../access/access-tokens';
import { endSocket } from './end-socket';
import { RoomMemberships } from './room-memberships';
import { type ServerSocket, socketRoom } from './socket';

/** Brings sockets in line with the database: whose session goes on, and which rooms they hear. */
@Injectable()
export class SocketRights {
  constructor(
    private readonly tokens: AccessTokens,
    private readonly memberships: RoomMemberships,
  ) {}

  /** Cuts the sockets of sessions that have ended, and has all others hear their rooms, no more and no less. */
  async align(sockets: readonly ServerSocket[]): Promise<void> {
    await this.alignRooms(await this.endThoseOver(sockets));
  }

  /** @returns the sockets that stay */
  private async endThoseOver(sockets: readonly ServerSocket[]): Promise<ServerSocket[]> {
    const sessions = await this.tokens.ongoing([...new Set(sockets.map(({ data }) => data.principal.sessionId))]);
    return sockets.filter((socket) => {
      const goesOn = sessions.has(socket.data.principal.sessionId);
      if (!goesOn) endSocket(socket, 'session_ended');
      return goesOn;
    });
  }

  /** Memberships that change during the look are looked at again. */
  private async alignRooms(sockets: readonly ServerSocket[]): Promise<void> {
    let unsettled = sockets.filter(({ connected }) => connected);
    while (unsettled.length > 0) {
      const userIds = [...new Set(unsettled.map(({ data }) => data.principal.userId))];
      const rooms = await this.memberships.roomIdsOf(userIds);
      const changed: ServerSocket[] = [];
      for (const socket of unsettled) {
        const now = new Set((rooms.get(socket.data.principal.userId) ?? []).map((id) => socketRoom.room(id)));
        if (await alignWith(socket, now)) changed.push(socket);
      }
      unsettled = changed.filter(({ connected }) => connected);
    }
  }
}

/** @returns whether anything changed */
async function alignWith(socket: ServerSocket, rooms: ReadonlySet<string>): Promise<boolean> {
  const former = [...socket.rooms].filter((room) => room.startsWith(socketRoom.room('')) && !rooms.has(room));
  const missing = [...rooms].filter((room) => !socket.rooms.has(room));
  if (missing.length > 0) await socket.join(missing);
  for (const room of former) await socket.leave(room);
  return former.length + missing.length > 0;
}
