import { Injectable } from '@nestjs/common';
import { chooseNextOwner, type Role } from '@webcall/domain';
import type { EntityManager } from 'typeorm';
import { type DomainEvents, OnEventInTransaction } from '../../platform/events/domain-events';
import { EventBus } from '../../platform/events/event-bus';
import { AppError } from '../../platform/http/app-error';
import { UsersService } from '../../users/users.service';
import { Room } from '../core/room.entity';
import { revokeExcessInvitations } from '../invitations/invitation-grants';
import { lockRoomRow } from '../lock-room-row';
import { MemberViews } from './member-views';
import { Member } from './member.entity';

/** Removes members from rooms, with all consequences, in a transaction of the caller. */
@Injectable()
export class MemberDepartures {
  constructor(
    private readonly users: UsersService,
    private readonly views: MemberViews,
    private readonly events: EventBus,
  ) {}

  /**
   * Serialises changes of a room's members.
   * @throws AppError room_not_found
   */
  async lockRoom(manager: EntityManager, roomId: string): Promise<void> {
    if (!(await lockRoomRow(manager, roomId))) throw new AppError('room_not_found');
  }

  /**
   * Removes a member from a room whose row is locked, and ends their invitations. `chooseNextOwner` picks the successor
   * of an owner; without one the room ends. A direct room stays, closed, until the other user leaves as well. A guest,
   * who has no other room, is erased.
   * @throws AppError member_not_found
   */
  async deleteMembership(manager: EntityManager, roomId: string, userId: string): Promise<void> {
    const role = await this.removeFromRoom(manager, roomId, userId);
    if (role === 'guest') await this.users.eraseUser(manager, userId);
  }

  /** Removes a user who is erased from all their rooms. */
  @OnEventInTransaction('user.erased', 20)
  async deleteAllMemberships({ userId }: DomainEvents['user.erased'], manager: EntityManager): Promise<void> {
    const rooms = await manager.find(Member, { where: { userId }, order: { roomId: 'ASC' } });
    for (const { roomId } of rooms) {
      await lockRoomRow(manager, roomId);
      // Before the lock, another request may have deleted the room or removed the user.
      if (await manager.existsBy(Member, { roomId, userId })) await this.removeFromRoom(manager, roomId, userId);
    }
  }

  /** Deletes a room with all that is in it, its guests included, except one who is on their way out already. */
  async deleteRoomAndGuests(manager: EntityManager, roomId: string, leaverId?: string): Promise<void> {
    const members = await manager.findBy(Member, { roomId });
    await manager.delete(Room, { id: roomId });
    const memberIds = members.map(({ userId }) => userId);
    await this.events.publishEvent(manager, 'room.deleted', { roomId, memberIds });
    for (const { userId, role } of members)
      if (role === 'guest' && userId !== leaverId) await this.users.eraseUser(manager, userId);
  }

  /** @returns the role that the user had */
  private async removeFromRoom(manager: EntityManager, roomId: string, userId: string): Promise<Role> {
    const members = await manager.findBy(Member, { roomId });
    const leaver = members.find((member) => member.userId === userId);
    if (!leaver) throw new AppError('member_not_found');
    const others = members.filter((member) => member !== leaver);
    const heir = leaver.role === 'owner' ? chooseNextOwner(others) : undefined;
    if (others.length === 0 || (leaver.role === 'owner' && !heir)) {
      await this.deleteRoomAndGuests(manager, roomId, userId);
      return leaver.role;
    }
    await manager.delete(Member, { roomId, userId });
    if (heir) await manager.update(Member, { roomId, userId: heir.userId }, { role: 'owner' });
    await revokeExcessInvitations(manager, roomId);
    if (heir) await this.events.publishEvent(manager, 'member.changed', { roomId, userId: heir.userId });
    const count = await this.views.loadMemberCount(roomId, manager);
    await this.events.publishEvent(manager, 'member.left', { roomId, userId, ...count });
    const { affected } = await manager.update(Room, { id: roomId, kind: 'direct' }, { closed: true });
    if (affected) await this.events.publishEvent(manager, 'room.closed-changed', { roomId });
    return leaver.role;
  }
}
