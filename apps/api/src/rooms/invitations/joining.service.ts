import { Injectable } from '@nestjs/common';
import type { RoomDto } from '@webcall/contracts';
import { type Role, toNameLook } from '@webcall/domain';
import type { EntityManager } from 'typeorm';
import type { Principal } from '../../platform/access/principal';
import { Quotas } from '../../platform/access/quotas';
import { Sessions } from '../../platform/access/sessions';
import { sqlStatement } from '../../platform/database/sql-statement';
import { text, uuid } from '../../platform/database/sql-types';
import { EventBus } from '../../platform/events/event-bus';
import { AppError } from '../../platform/http/app-error';
import { type SignedInUser, UsersService } from '../../users/users.service';
import { RoomViews } from '../core/room-views';
import { MemberArrivals } from '../members/member-arrivals';
import { INVITATION_IS_USABLE, InvitationsService, type UsableInvitation } from './invitations.service';

const FIND_NAMESAKE = sqlStatement({
  takes: [uuid, text],
  sql: `SELECT FROM members m JOIN users u ON u.id = m.user_id
    WHERE m.room_id = $1 AND split_part(u.name_look, ' ', 1) = $2`,
});

const COUNT_INVITATION_USE = sqlStatement({
  takes: [uuid],
  sql: `UPDATE invitations i SET uses = i.uses + 1 WHERE i.id = $1 AND ${INVITATION_IS_USABLE}`,
});

/** Joins users to rooms by invitation: with an account, or as a guest with only a name. */
@Injectable()
export class JoiningService {
  constructor(
    private readonly events: EventBus,
    private readonly invitations: InvitationsService,
    private readonly users: UsersService,
    private readonly sessions: Sessions,
    private readonly views: RoomViews,
    private readonly arrivals: MemberArrivals,
    private readonly quotas: Quotas,
  ) {}

  /**
   * For a user who is in the room already, nothing changes and no use is counted.
   * An account that joins by a link for guests becomes a member: only users without an account are guests.
   */
  async joinWithAccount(who: Principal, code: string): Promise<RoomDto> {
    if (who.guest) throw new AppError('forbidden');
    const invitation = await this.invitations.requireUsableInvitation(code);
    const role = invitation.role === 'guest' ? 'member' : invitation.role;
    await this.events.runTransaction((manager) => this.redeemInvitation(manager, invitation, code, who.userId, role));
    return this.views.loadRoomView(who.userId, invitation.roomId);
  }

  async joinAsNewGuest(code: string, name: string, device: string): Promise<SignedInUser> {
    const invitation = await this.invitations.requireUsableInvitation(code);
    if (invitation.role !== 'guest') throw new AppError('forbidden');
    return this.events.runTransaction(async (manager) => {
      const { createdBy } = invitation;
      if (createdBy !== null) {
        await this.quotas.requireCountedQuota('guests', () => this.users.lockAndCountInvitedGuests(createdBy, manager));
      }
      const guest = await this.users.storeGuest(name.trim(), createdBy, manager);
      await this.redeemInvitation(manager, invitation, code, guest.id, 'guest');
      await this.requireDistinctGuestName(manager, invitation.roomId, name);
      return { user: guest, session: await this.sessions.beginUserSession(manager, guest.id, device) };
    });
  }

  /** Prevents mistaking a guest for a member. Two guests may share a name: one may be the other, coming back. */
  private async requireDistinctGuestName(manager: EntityManager, roomId: string, name: string): Promise<void> {
    if (await FIND_NAMESAKE.findRow(manager, roomId, await toNameLook(name))) throw new AppError('name_taken');
  }

  /**
   * Makes a user a member and counts one use of the invitation, both or neither. `createMembership` locks the room, so
   * the role that the invitation may grant cannot change meanwhile. Does nothing for a member.
   */
  private async redeemInvitation(
    manager: EntityManager,
    { id, roomId }: UsableInvitation,
    code: string,
    userId: string,
    role: Role,
  ): Promise<void> {
    if (!(await this.arrivals.createMembership(manager, roomId, userId, role))) return;
    // The invitation was used up or ended meanwhile: checking again throws the specific reason.
    if ((await COUNT_INVITATION_USE.countChanges(manager, id)) === 0)
      throw await this.invitations.requireUsableInvitation(code, manager).then(() => new AppError('unavailable'));
  }
}
