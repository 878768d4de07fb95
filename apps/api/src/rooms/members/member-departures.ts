import { Injectable } from '@nestjs/common';
import { chooseNextOwner } from '@webcall/domain';
import type { EntityManager } from 'typeorm';
import { AppError } from '../../platform/http/app-error';
import { UsersService } from '../../users/users.service';
import { Room } from '../core/room.entity';
import { revokeExcessInvitations } from '../invitations/invitation-grants';
import { Member } from './member.entity';

/** The outcome of a member's leaving or removal. */
export interface MemberDeparture {
  readonly roomId: string;
  readonly userId: string;
  /** The members before the departure. */
  readonly memberIds: readonly string[];
  /** The new owner, if the owner left. */
  readonly heir: string | undefined;
  /** Nobody was left who could own the room. */
  readonly roomEnded: boolean;
  /** It is a direct room in which one user stays behind. */
  readonly roomClosed: boolean;
  /** Guests who were deleted as users, since this was their only room. */
  readonly goneGuests: readonly string[];
}

/** Removes members from rooms, with all consequences, in a transaction of the caller. */
@Injectable()
export class MemberDepartures {
  constructor(private readonly users: UsersService) {}

  /**
   * Serialises changes of a room's members.
   * @throws AppError room_not_found
   */
  async lockRoom(manager: EntityManager, roomId: string): Promise<void> {
    if (!(await this.lockRoomIfPresent(manager, roomId))) throw new AppError('room_not_found');
  }

  /**
   * Removes a member from a room whose row is locked, and ends their invitations. `chooseNextOwner` picks the successor
   * of an owner; without one the room ends. A direct room stays, closed, until the other user leaves as well.
   * @throws AppError member_not_found
   */
  async deleteMembership(manager: EntityManager, roomId: string, userId: string): Promise<MemberDeparture> {
    const members = await manager.findBy(Member, { roomId });
    const leaver = members.find((member) => member.userId === userId);
    if (!leaver) throw new AppError('member_not_found');
    const others = members.filter((member) => member !== leaver);
    const heir = leaver.role === 'owner' ? chooseNextOwner(others) : undefined;
    const roomEnded = others.length === 0 || (leaver.role === 'owner' && !heir);
    const departure = { roomId, userId, memberIds: members.map((m) => m.userId), roomEnded };
    if (roomEnded) {
      const goneGuests = await this.deleteRoomAndGuests(manager, roomId);
      return { ...departure, heir: undefined, roomClosed: false, goneGuests };
    }
    await manager.delete(Member, { roomId, userId });
    if (heir) await manager.update(Member, { roomId, userId: heir.userId }, { role: 'owner' });
    await revokeExcessInvitations(manager, roomId);
    const { affected } = await manager.update(Room, { id: roomId, kind: 'direct' }, { closed: true });
    const goneGuests = leaver.role === 'guest' ? [userId] : [];
    await this.users.deleteUsers(goneGuests, manager);
    return { ...departure, heir: heir?.userId, roomClosed: affected === 1, goneGuests };
  }

  /**
   * Removes a user from all their rooms.
   * @returns one departure for each room
   */
  async deleteAllMemberships(manager: EntityManager, userId: string): Promise<MemberDeparture[]> {
    const rooms = await manager.find(Member, { where: { userId }, order: { roomId: 'ASC' } });
    const departures: MemberDeparture[] = [];
    for (const { roomId } of rooms) {
      await this.lockRoomIfPresent(manager, roomId);
      // Before the lock, another request may have deleted the room or removed the user.
      const stillIn = await manager.existsBy(Member, { roomId, userId });
      if (stillIn) departures.push(await this.deleteMembership(manager, roomId, userId));
    }
    return departures;
  }

  /**
   * Deletes a room with all that is in it.
   * @returns the guests that were deleted with it
   */
  async deleteRoomAndGuests(manager: EntityManager, roomId: string): Promise<string[]> {
    const guests = (await manager.findBy(Member, { roomId, role: 'guest' })).map((member) => member.userId);
    await manager.delete(Room, { id: roomId });
    await this.users.deleteUsers(guests, manager);
    return guests;
  }

  private async lockRoomIfPresent(manager: EntityManager, roomId: string): Promise<boolean> {
    const rows = await manager.query<unknown[]>('SELECT FROM rooms WHERE id = $1 FOR NO KEY UPDATE', [roomId]);
    return rows.length > 0;
  }
}
