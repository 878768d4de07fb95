import { Injectable } from '@nestjs/common';
import type { RoomChange, RoomDto } from '@webcall/contracts';
import type { Door } from '@webcall/domain';
import { tellLastWord } from '../../platform/realtime/last-word';
import { Realtime } from '../../platform/realtime/realtime';
import type { Departure } from '../members/departures';
import { MemberViews } from '../members/member-views';
import { RoomEvents } from '../room-events';
import { RoomViews } from './room-views';

/** Tells the members' devices, and the other features, what happened to a room. Called after it has been stored. */
@Injectable()
export class Announcements {
  constructor(
    private readonly realtime: Realtime,
    private readonly events: RoomEvents,
    private readonly members: MemberViews,
    private readonly views: RoomViews,
  ) {}

  changed(roomId: string, change: RoomChange): void {
    this.realtime.toRoom(roomId).emit('room:changed', { roomId, change });
  }

  /** A direct room was closed or opened again: each of the two is told in their own view, with the other's name. */
  async closed(roomId: string): Promise<void> {
    let isClosed = false;
    const { members } = await this.members.membersOf(roomId, {});
    for (const { userId } of members) {
      const room = await tellLastWord(
        () => this.views.roomOf(userId, roomId),
        ({ name, visibility, door, closed }) => {
          const change = { type: 'updated', name, visibility, door, closed } as const;
          this.realtime.toUser(userId).emit('room:changed', { roomId, change });
        },
      );
      isClosed = room.closed;
    }
    if (isClosed) this.events.all.next({ type: 'room_closed', roomId });
  }

  /** What a room is to a user alone. */
  membershipChanged(userId: string, roomId: string): Promise<RoomDto> {
    return tellLastWord(
      () => this.views.roomOf(userId, roomId),
      ({ doNotDisturb }) => {
        const change = { type: 'membership', doNotDisturb } as const;
        this.realtime.toUser(userId).emit('room:changed', { roomId, change });
      },
    );
  }

  /** The one who joins hears of it too. */
  async joined(roomId: string, userId: string): Promise<void> {
    this.realtime.userJoinedRoom(userId, roomId);
    this.changed(roomId, { type: 'member_joined', member: await this.members.member(roomId, userId) });
    this.events.all.next({ type: 'member_joined', roomId, userId });
  }

  async memberChanged(roomId: string, userId: string): Promise<void> {
    this.changed(roomId, { type: 'member_changed', member: await this.members.member(roomId, userId) });
    this.events.all.next({ type: 'member_changed', roomId, userId });
  }

  /** The members have been told with what else has changed; a running call follows. */
  doorChanged(roomId: string, door: Door): void {
    this.events.all.next({ type: 'door_changed', roomId, door });
  }

  /** Whoever is taken out hears of it last. */
  async left(departure: Departure): Promise<void> {
    const { roomId, userId } = departure;
    if (departure.roomEnded) return this.deleted(roomId, departure.memberIds, departure.goneGuests);
    if (departure.heir) await this.memberChanged(roomId, departure.heir);
    this.changed(roomId, { type: 'member_left', userId });
    this.realtime.userLeftRoom(userId, roomId);
    this.events.all.next({ type: 'member_left', roomId, userId });
    if (departure.roomClosed) await this.closed(roomId);
    for (const guest of departure.goneGuests) this.realtime.endUser(guest);
  }

  deleted(roomId: string, memberIds: readonly string[], goneGuests: readonly string[]): void {
    this.changed(roomId, { type: 'deleted' });
    for (const userId of memberIds) this.realtime.userLeftRoom(userId, roomId);
    this.events.all.next({ type: 'room_deleted', roomId });
    for (const guest of goneGuests) this.realtime.endUser(guest);
  }
}
