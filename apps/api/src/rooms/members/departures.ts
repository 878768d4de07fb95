import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { successor } from '@webcall/domain';
import { AppError } from '../../platform/http/app-error';
import { UsersService } from '../../users/users.service';
import { endOverreachingInvitations } from '../invitations/invitation-reach';
import { Member } from './member.entity';
import { Room } from '../core/room.entity';

/** What came of somebody's leaving a room. */
export interface Departure {
  readonly roomId: string;
  readonly userId: string;
  /** Who was in the room before. */
  readonly memberIds: readonly string[];
  /** Who owns the room from now on, if its owner left. */
  readonly heir: string | undefined;
  /** Nobody was left who could own it. */
  readonly roomEnded: boolean;
  /** Somebody stays behind in a direct room, with nobody to talk to. */
  readonly roomClosed: boolean;
  /** Guests whose one room this was: they are users no more. */
  readonly goneGuests: readonly string[];
}

/** Takes people out of rooms, with all that follows from it. Each step belongs to a transaction of the caller. */
@Injectable()
export class Departures {
  constructor(private readonly users: UsersService) {}

  /**
   * Lets changes of a room's members happen one after another.
   * @throws AppError room_not_found
   */
  async lock(manager: EntityManager, roomId: string): Promise<void> {
    if (!(await this.lockIfThere(manager, roomId))) throw new AppError('room_not_found');
  }

  /**
   * Takes a member out of a room that is locked, and their invitations end. An owner is followed by `successor`; without
   * one the room ends. A direct room stays for the other one, closed, until they go as well.
   * @throws AppError member_not_found
   */
  async leave(manager: EntityManager, roomId: string, userId: string): Promise<Departure> {
    const members = await manager.findBy(Member, { roomId });
    const leaver = members.find((member) => member.userId === userId);
    if (!leaver) throw new AppError('member_not_found');
    const others = members.filter((member) => member !== leaver);
    const heir = leaver.role === 'owner' ? successor(others) : undefined;
    const roomEnded = others.length === 0 || (leaver.role === 'owner' && !heir);
    const departure = { roomId, userId, memberIds: members.map((m) => m.userId), roomEnded };
    if (roomEnded) {
      const goneGuests = await this.endRoom(manager, roomId);
      return { ...departure, heir: undefined, roomClosed: false, goneGuests };
    }
    await manager.delete(Member, { roomId, userId });
    if (heir) await manager.update(Member, { roomId, userId: heir.userId }, { role: 'owner' });
    await endOverreachingInvitations(manager, roomId);
    const { affected } = await manager.update(Room, { id: roomId, kind: 'direct' }, { closed: true });
    const goneGuests = leaver.role === 'guest' ? [userId] : [];
    await this.users.delete(goneGuests, manager);
    return { ...departure, heir: heir?.userId, roomClosed: affected === 1, goneGuests };
  }

  /**
   * Takes a user out of all rooms.
   * @returns one departure for each
   */
  async leaveAll(manager: EntityManager, userId: string): Promise<Departure[]> {
    const rooms = await manager.find(Member, { where: { userId }, order: { roomId: 'ASC' } });
    const departures: Departure[] = [];
    for (const { roomId } of rooms) {
      await this.lockIfThere(manager, roomId);
      // Somebody else may have ended the room or taken the user out of it in the meantime.
      const stillIn = await manager.existsBy(Member, { roomId, userId });
      if (stillIn) departures.push(await this.leave(manager, roomId, userId));
    }
    return departures;
  }

  /**
   * Deletes a room with all that is in it.
   * @returns the guests that went with it
   */
  async endRoom(manager: EntityManager, roomId: string): Promise<string[]> {
    const guests = (await manager.findBy(Member, { roomId, role: 'guest' })).map((member) => member.userId);
    await manager.delete(Room, { id: roomId });
    await this.users.delete(guests, manager);
    return guests;
  }

  private async lockIfThere(manager: EntityManager, roomId: string): Promise<boolean> {
    const rows = await manager.query<unknown[]>('SELECT FROM rooms WHERE id = $1 FOR NO KEY UPDATE', [roomId]);
    return rows.length > 0;
  }
}
