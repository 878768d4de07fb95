import { Injectable } from '@nestjs/common';
import type { ChangeRoleDto, MemberDto, MembersDto, PageQueryDto } from '@webcall/contracts';
import { canChangeRole, canRemoveMemberOfRole } from '@webcall/domain';
import { DataSource, type EntityManager } from 'typeorm';
import type { Principal } from '../../platform/access/principal';
import { AppError } from '../../platform/http/app-error';
import { RoomAnnouncer } from '../core/room-announcer';
import { revokeExcessInvitations } from '../invitations/invitation-grants';
import { RoomsService } from '../rooms.service';
import { MemberDepartures } from './member-departures';
import { MemberViews } from './member-views';
import { Member } from './member.entity';
import { RemovalsService } from './removals.service';

/** Lists, changes and removes the members of rooms. */
@Injectable()
export class MembersService {
  constructor(
    private readonly db: DataSource,
    private readonly rooms: RoomsService,
    private readonly views: MemberViews,
    private readonly departures: MemberDepartures,
    private readonly removals: RemovalsService,
    private readonly announcer: RoomAnnouncer,
  ) {}

  async loadMemberPage(who: Principal, roomId: string, query: PageQueryDto): Promise<MembersDto> {
    await this.rooms.requireMember(who, roomId, 'member:list');
    return this.views.loadMemberViewPage(roomId, query);
  }

  /** Announces a user's new name to all their rooms. */
  async announceRenameToRooms(userId: string): Promise<void> {
    for (const roomId of await this.rooms.listRoomIdsOfUser(userId))
      await this.announcer.announceMemberChanged(roomId, userId);
  }

  async assignMemberRole(who: Principal, roomId: string, userId: string, { role }: ChangeRoleDto): Promise<MemberDto> {
    const changed = await this.db.transaction(async (manager) => {
      await this.departures.lockRoom(manager, roomId);
      const actor = await this.rooms.requireMember(who, roomId, 'member:set-role', manager);
      const target = await findMemberOrFail(manager, roomId, userId);
      if (!canChangeRole(actor.role, target.role, role)) throw new AppError('forbidden');
      // A room always has exactly one owner.
      if (role === 'owner') await manager.update(Member, { roomId, userId: who.userId }, { role: 'moderator' });
      await manager.update(Member, { roomId, userId }, { role });
      await revokeExcessInvitations(manager, roomId);
      return role === 'owner' ? [who.userId, userId] : [userId];
    });
    for (const id of changed) await this.announcer.announceMemberChanged(roomId, id);
    return this.views.loadMemberView(roomId, userId);
  }

  async expelMember(who: Principal, roomId: string, userId: string): Promise<void> {
    const departure = await this.db.transaction(async (manager) => {
      await this.departures.lockRoom(manager, roomId);
      const actor = await this.rooms.requireMember(who, roomId, 'member:remove', manager);
      const target = await findMemberOrFail(manager, roomId, userId);
      if (!canRemoveMemberOfRole(actor.role, target.role)) throw new AppError('forbidden');
      if (target.role !== 'guest') await this.removals.storeRemoval(manager, { roomId, userId, by: who.userId });
      return this.departures.deleteMembership(manager, roomId, userId);
    });
    await this.announcer.announceDeparture(departure);
  }

  /** A guest who leaves is deleted; the room of an owner who leaves gets the next owner. */
  async endOwnMembership(who: Principal, roomId: string): Promise<void> {
    const departure = await this.db.transaction(async (manager) => {
      await this.departures.lockRoom(manager, roomId);
      await this.rooms.requireMember(who, roomId, 'room:leave', manager);
      return this.departures.deleteMembership(manager, roomId, who.userId);
    });
    await this.announcer.announceDeparture(departure);
  }

  /**
   * Removes a user from all rooms, as a step of deleting the user.
   * @returns a function that announces the departures, to be called after the commit
   */
  async leaveAllRooms(manager: EntityManager, userId: string): Promise<() => Promise<void>> {
    const departures = await this.departures.deleteAllMemberships(manager, userId);
    return async () => {
      for (const departure of departures) await this.announcer.announceDeparture(departure);
    };
  }
}

async function findMemberOrFail(manager: EntityManager, roomId: string, userId: string): Promise<Member> {
  const member = await manager.findOneBy(Member, { roomId, userId });
  if (!member) throw new AppError('member_not_found');
  return member;
}
