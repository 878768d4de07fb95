import { Injectable } from '@nestjs/common';
import type { RoomChange } from '@webcall/contracts';
import { Realtime } from '../platform/realtime/realtime';
import type { Departure } from './departures';
import { MemberViews } from './member-views';
import { RoomEvents } from './room-events';

/** Tells the members' devices, and the other features, what happened to a room. Called after it has been stored. */
@Injectable()
export class Announcements {
  constructor(
    private readonly realtime: Realtime,
    private readonly events: RoomEvents,
    private readonly members: MemberViews,
  ) {}

  changed(roomId: string, change: RoomChange): void {
    this.realtime.toRoom(roomId).emit('room:changed', { roomId, change });
  }

  /** The one who joins hears of it too. */
  async joined(roomId: string, userId: string): Promise<void> {
    this.realtime.userJoinedRoom(userId, roomId);
    this.changed(roomId, { type: 'member_joined', member: await this.members.member(roomId, userId) });
    this.events.all.next({ type: 'member_joined', roomId, userId });
  }

  async memberChanged(roomId: string, userId: string): Promise<void> {
    this.changed(roomId, { type: 'member_changed', member: await this.members.member(roomId, userId) });
  }

  /** Whoever is taken out hears of it last. */
  async left(departure: Departure): Promise<void> {
    const { roomId, userId } = departure;
    if (departure.roomEnded) return this.deleted(roomId, departure.memberIds, departure.goneGuests);
    if (departure.heir) await this.memberChanged(roomId, departure.heir);
    this.changed(roomId, { type: 'member_left', userId });
    this.realtime.userLeftRoom(userId, roomId);
    this.events.all.next({ type: 'member_left', roomId, userId });
    for (const guest of departure.goneGuests) this.realtime.endUser(guest);
  }

  deleted(roomId: string, memberIds: readonly string[], goneGuests: readonly string[]): void {
    this.changed(roomId, { type: 'deleted' });
    for (const userId of memberIds) this.realtime.userLeftRoom(userId, roomId);
    this.events.all.next({ type: 'room_deleted', roomId });
    for (const guest of goneGuests) this.realtime.endUser(guest);
  }
}
