import { Injectable } from '@nestjs/common';
import type { ChangeRoleDto, MemberDto, MembersDto, PageQueryDto } from '@webcall/contracts';
import { canChangeRole, canRemoveMemberOfRole } from '@webcall/domain';
import type { EntityManager } from 'typeorm';
import type { Principal } from '../../platform/access/principal';
import { type DomainEvents, OnEvent } from '../../platform/events/domain-events';
import { EventBus } from '../../platform/events/event-bus';
import { AppError } from '../../platform/http/app-error';
import { BackgroundTasks } from '../../platform/realtime/background-tasks';
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
    private readonly rooms: RoomsService,
    private readonly views: MemberViews,
    private readonly departures: MemberDepartures,
    private readonly removals: RemovalsService,
    private readonly events: EventBus,
    private readonly background: BackgroundTasks,
  ) {}

  async loadMemberPage(who: Principal, roomId: string, query: PageQueryDto): Promise<MembersDto> {
    await this.rooms.requireMember(who, roomId, 'member:list');
    return this.views.loadMemberViewPage(roomId, query);
  }

  /** Nobody waits until all rooms of a user have their new name. */
  @OnEvent('user.renamed')
  publishRenameToRooms({ userId }: DomainEvents['user.renamed']): void {
    this.background.runInBackground('publishing a new name to rooms', async () => {
      for (const roomId of await this.rooms.listRoomIdsOfUser(userId))
        await this.events.publishCommitted('member.changed', { roomId, userId });
    });
  }

  async assignMemberRole(who: Principal, roomId: string, userId: string, { role }: ChangeRoleDto): Promise<MemberDto> {
    await this.events.runTransaction(async (manager) => {
      await this.departures.lockRoom(manager, roomId);
      const actor = await this.rooms.requireMember(who, roomId, 'member:set-role', manager);
      const target = await findMemberOrFail(manager, roomId, userId);
      if (!canChangeRole(actor.role, target.role, role)) throw new AppError('forbidden');
      // A room always has exactly one owner.
      if (role === 'owner') await manager.update(Member, { roomId, userId: who.userId }, { role: 'moderator' });
      await manager.update(Member, { roomId, userId }, { role });
      await revokeExcessInvitations(manager, roomId);
      for (const id of role === 'owner' ? [who.userId, userId] : [userId])
        await this.events.publishEvent(manager, 'member.changed', { roomId, userId: id });
    });
    return this.views.loadMemberView(roomId, userId);
  }

  async expelMember(who: Principal, roomId: string, userId: string): Promise<void> {
    await this.events.runTransaction(async (manager) => {
      await this.departures.lockRoom(manager, roomId);
      const actor = await this.rooms.requireMember(who, roomId, 'member:remove', manager);
      const target = await findMemberOrFail(manager, roomId, userId);
      if (!canRemoveMemberOfRole(actor.role, target.role)) throw new AppError('forbidden');
      if (target.role !== 'guest') await this.removals.storeRemoval(manager, { roomId, userId, by: who.userId });
      await this.departures.deleteMembership(manager, roomId, userId);
    });
  }

  /** A guest who leaves is deleted; the room of an owner who leaves gets the next owner. */
  async endOwnMembership(who: Principal, roomId: string): Promise<void> {
    await this.events.runTransaction(async (manager) => {
      await this.departures.lockRoom(manager, roomId);
      await this.rooms.requireMember(who, roomId, 'room:leave', manager);
      await this.departures.deleteMembership(manager, roomId, who.userId);
    });
  }
}

async function findMemberOrFail(manager: EntityManager, roomId: string, userId: string): Promise<Member> {
  const member = await manager.findOneBy(Member, { roomId, userId });
  if (!member) throw new AppError('member_not_found');
  return member;
}
