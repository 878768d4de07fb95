import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { ChangeRoleDto, MemberDto, MembersDto, PageQueryDto } from '@webcall/contracts';
import { mayChangeRole, mayRemove } from '@webcall/domain';
import type { Principal } from '../../platform/access/principal';
import { AppError } from '../../platform/http/app-error';
import { Announcements } from '../core/announcements';
import { Departures } from './departures';
import { endOverreachingInvitations } from '../invitations/invitation-reach';
import { Member } from './member.entity';
import { MemberViews } from './member-views';
import { RemovalsService } from './removals.service';
import { RoomsService } from '../rooms.service';

/** The people in a room. */
@Injectable()
export class MembersService {
  constructor(
    private readonly db: DataSource,
    private readonly rooms: RoomsService,
    private readonly views: MemberViews,
    private readonly departures: Departures,
    private readonly removals: RemovalsService,
    private readonly announcements: Announcements,
  ) {}

  async list(who: Principal, roomId: string, query: PageQueryDto): Promise<MembersDto> {
    await this.rooms.requireMember(who, roomId, 'member:list');
    return this.views.membersOf(roomId, query);
  }

  /** Tells the rooms of a user what the user is called now. */
  async renamed(userId: string): Promise<void> {
    for (const roomId of await this.rooms.roomIds(userId)) await this.announcements.memberChanged(roomId, userId);
  }

  async changeRole(who: Principal, roomId: string, userId: string, { role }: ChangeRoleDto): Promise<MemberDto> {
    const changed = await this.db.transaction(async (manager) => {
      await this.departures.lock(manager, roomId);
      const actor = await this.rooms.requireMember(who, roomId, 'member:set-role', manager);
      const target = await memberOf(manager, roomId, userId);
      if (!mayChangeRole(actor.role, target.role, role)) throw new AppError('forbidden');
      // A room has one owner at any moment.
      if (role === 'owner') await manager.update(Member, { roomId, userId: who.userId }, { role: 'moderator' });
      await manager.update(Member, { roomId, userId }, { role });
      await endOverreachingInvitations(manager, roomId);
      return role === 'owner' ? [who.userId, userId] : [userId];
    });
    for (const id of changed) await this.announcements.memberChanged(roomId, id);
    return this.views.member(roomId, userId);
  }

  async remove(who: Principal, roomId: string, userId: string): Promise<void> {
    const departure = await this.db.transaction(async (manager) => {
      await this.departures.lock(manager, roomId);
      const actor = await this.rooms.requireMember(who, roomId, 'member:remove', manager);
      const target = await memberOf(manager, roomId, userId);
      if (!mayRemove(actor.role, target.role)) throw new AppError('forbidden');
      if (target.role !== 'guest') await this.removals.remember(manager, { roomId, userId, by: who.userId });
      return this.departures.leave(manager, roomId, userId);
    });
    await this.announcements.left(departure);
  }

  /** A guest's account goes with the room, an owner's room to the next in line. */
  async leave(who: Principal, roomId: string): Promise<void> {
    const departure = await this.db.transaction(async (manager) => {
      await this.departures.lock(manager, roomId);
      await this.rooms.requireMember(who, roomId, 'room:leave', manager);
      return this.departures.leave(manager, roomId, who.userId);
    });
    await this.announcements.left(departure);
  }

  /**
   * Takes a user out of all rooms, as a step of their going for good.
   * @returns tells those rooms: to be called when that is stored
   */
  async leaveEverything(manager: EntityManager, userId: string): Promise<() => Promise<void>> {
    const departures = await this.departures.leaveAll(manager, userId);
    return async () => {
      for (const departure of departures) await this.announcements.left(departure);
    };
  }
}

async function memberOf(manager: EntityManager, roomId: string, userId: string): Promise<Member> {
  const member = await manager.findOneBy(Member, { roomId, userId });
  if (!member) throw new AppError('member_not_found');
  return member;
}
