import { Injectable } from '@nestjs/common';
import type { RoomChange, RoomDto } from '@webcall/contracts';
import type { Door } from '@webcall/domain';
import { broadcastUntilStable } from '../../platform/realtime/broadcast-until-stable';
import { Realtime } from '../../platform/realtime/realtime';
import type { MemberDeparture } from '../members/member-departures';
import { MemberViews } from '../members/member-views';
import { RoomEvents } from '../room-events';
import { RoomViews } from './room-views';

/** Announces stored changes of a room to the devices of its members and to the other features. */
@Injectable()
export class RoomAnnouncer {
  constructor(
    private readonly realtime: Realtime,
    private readonly events: RoomEvents,
    private readonly members: MemberViews,
    private readonly views: RoomViews,
  ) {}

  announceRoomChange(roomId: string, change: RoomChange): void {
    this.realtime.toRoomMembers(roomId).emit('room:changed', { roomId, change });
  }

  /** A direct room was closed or reopened: each of the two gets their own view, with the other's name. */
  async announceDirectRoomState(roomId: string): Promise<void> {
    let isClosed = false;
    const { members } = await this.members.loadMemberViewPage(roomId, {});
    for (const { userId } of members) {
      const room = await broadcastUntilStable(
        () => this.views.loadRoomView(userId, roomId),
        ({ name, visibility, door, closed }) => {
          const change = { type: 'updated', name, visibility, door, closed } as const;
          this.realtime.toUserDevices(userId).emit('room:changed', { roomId, change });
        },
      );
      isClosed = room.closed;
    }
    if (isClosed) this.events.eventStream.next({ type: 'room_closed', roomId });
  }

  /** Announces the user's own settings for a room to their devices. */
  announceMembershipChange(userId: string, roomId: string): Promise<RoomDto> {
    return broadcastUntilStable(
      () => this.views.loadRoomView(userId, roomId),
      ({ doNotDisturb }) => {
        const change = { type: 'membership', doNotDisturb } as const;
        this.realtime.toUserDevices(userId).emit('room:changed', { roomId, change });
      },
    );
  }

  /** The new member is notified too. */
  async announceMemberJoined(roomId: string, userId: string): Promise<void> {
    this.realtime.subscribeUserToRoom(userId, roomId);
    this.announceRoomChange(roomId, {
      type: 'member_joined',
      member: await this.members.loadMemberView(roomId, userId),
    });
    this.events.eventStream.next({ type: 'member_joined', roomId, userId });
  }

  async announceMemberChanged(roomId: string, userId: string): Promise<void> {
    this.announceRoomChange(roomId, {
      type: 'member_changed',
      member: await this.members.loadMemberView(roomId, userId),
    });
    this.events.eventStream.next({ type: 'member_changed', roomId, userId });
  }

  /** Only for other features, such as a running call: members get the door with `announceRoomChange`. */
  publishDoorChange(roomId: string, door: Door): void {
    this.events.eventStream.next({ type: 'door_changed', roomId, door });
  }

  /** The departure is the last event that a removed member gets from the room. */
  async announceDeparture(departure: MemberDeparture): Promise<void> {
    const { roomId, userId } = departure;
    if (departure.roomEnded) return this.announceRoomDeleted(roomId, departure.memberIds, departure.goneGuests);
    if (departure.heir) await this.announceMemberChanged(roomId, departure.heir);
    this.announceRoomChange(roomId, { type: 'member_left', userId });
    this.realtime.unsubscribeUserFromRoom(userId, roomId);
    this.events.eventStream.next({ type: 'member_left', roomId, userId });
    if (departure.roomClosed) await this.announceDirectRoomState(roomId);
    for (const guest of departure.goneGuests) this.realtime.endSocketsOfUser(guest);
  }

  announceRoomDeleted(roomId: string, memberIds: readonly string[], goneGuests: readonly string[]): void {
    this.announceRoomChange(roomId, { type: 'deleted' });
    for (const userId of memberIds) this.realtime.unsubscribeUserFromRoom(userId, roomId);
    this.events.eventStream.next({ type: 'room_deleted', roomId });
    for (const guest of goneGuests) this.realtime.endSocketsOfUser(guest);
  }
}
