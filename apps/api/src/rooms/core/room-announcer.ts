import { Injectable } from '@nestjs/common';
import type { RoomChange } from '@webcall/contracts';
import { type DomainEvents, OnEvent } from '../../platform/events/domain-events';
import { Realtime } from '../../platform/realtime/realtime';
import { StableBroadcasts } from '../../platform/realtime/stable-broadcasts';
import { MemberViews } from '../members/member-views';
import { RoomViews } from './room-views';

/** Announces stored changes of a room to the devices of its members. */
@Injectable()
export class RoomAnnouncer {
  private readonly broadcasts = new StableBroadcasts();

  constructor(
    private readonly realtime: Realtime,
    private readonly members: MemberViews,
    private readonly views: RoomViews,
  ) {}

  /** The new member is notified too. */
  @OnEvent('member.joined')
  async announceMemberJoined({ roomId, userId }: DomainEvents['member.joined']): Promise<void> {
    this.realtime.subscribeUserToRoom(userId, roomId);
    const [member, count] = await Promise.all([
      this.members.loadMemberView(roomId, userId),
      this.members.loadMemberCount(roomId),
    ]);
    this.broadcastRoomChange(roomId, { type: 'member_joined', member, ...count });
  }

  @OnEvent('member.changed')
  async announceMemberChanged({ roomId, userId }: DomainEvents['member.changed']): Promise<void> {
    const member = await this.members.loadMemberView(roomId, userId);
    this.broadcastRoomChange(roomId, { type: 'member_changed', member });
  }

  /** The departure is the last event that a removed member gets from the room. */
  @OnEvent('member.left')
  announceMemberLeft({ roomId, ...departure }: DomainEvents['member.left']): void {
    this.broadcastRoomChange(roomId, { type: 'member_left', ...departure });
    this.realtime.unsubscribeUserFromRoom(departure.userId, roomId);
  }

  /** Announces the user's own settings for a room to their devices. */
  @OnEvent('membership.changed')
  async announceMembershipChange({ roomId, userId }: DomainEvents['membership.changed']): Promise<void> {
    await this.broadcasts.broadcastUntilStable(
      `${roomId} ${userId}`,
      () => this.views.loadRoomView(userId, roomId),
      ({ doNotDisturb }) => {
        const change = { type: 'membership', doNotDisturb } as const;
        this.realtime.toUserDevices(userId).emit('room:changed', { roomId, change });
      },
    );
  }

  @OnEvent('room.changed')
  announceRoomSettings({ roomId, change }: DomainEvents['room.changed']): void {
    this.broadcastRoomChange(roomId, change);
  }

  /** A direct room was closed or reopened: each of the two gets their own view, with the other's name. */
  @OnEvent('room.closed-changed')
  async announceDirectRoomState({ roomId }: DomainEvents['room.closed-changed']): Promise<void> {
    const { members } = await this.members.loadMemberViewPage(roomId, {});
    for (const { userId } of members) {
      await this.broadcasts.broadcastUntilStable(
        `${roomId} ${userId}`,
        () => this.views.loadRoomView(userId, roomId),
        ({ name, visibility, door, closed }) => {
          const change = { type: 'updated', name, visibility, door, closed } as const;
          this.realtime.toUserDevices(userId).emit('room:changed', { roomId, change });
        },
      );
    }
  }

  @OnEvent('room.deleted')
  announceRoomDeleted({ roomId, memberIds }: DomainEvents['room.deleted']): void {
    this.broadcastRoomChange(roomId, { type: 'deleted' });
    for (const userId of memberIds) this.realtime.unsubscribeUserFromRoom(userId, roomId);
  }

  private broadcastRoomChange(roomId: string, change: RoomChange): void {
    this.realtime.toRoomMembers(roomId).emit('room:changed', { roomId, change });
  }
}
