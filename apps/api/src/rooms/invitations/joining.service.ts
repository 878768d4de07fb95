import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { RoomDto } from '@webcall/contracts';
import { lookOf, type Role } from '@webcall/domain';
import type { Principal } from '../../platform/access/principal';
import { Quotas } from '../../platform/access/quotas';
import { Sessions } from '../../platform/access/sessions';
import { AppError } from '../../platform/http/app-error';
import { type SignedIn, UsersService } from '../../users/users.service';
import { Announcements } from '../core/announcements';
import { Arrivals } from '../members/arrivals';
import { InvitationsService, STILL_GOOD, type UsableInvitation } from './invitations.service';
import { RoomViews } from '../core/room-views';

/** Joining a room by an invitation: with an account, or as a guest with only a name. */
@Injectable()
export class JoiningService {
  constructor(
    private readonly db: DataSource,
    private readonly invitations: InvitationsService,
    private readonly users: UsersService,
    private readonly sessions: Sessions,
    private readonly views: RoomViews,
    private readonly arrivals: Arrivals,
    private readonly announcements: Announcements,
    private readonly quotas: Quotas,
  ) {}

  /**
   * Nothing changes, and nothing is used up, for who is in the room already.
   * An account that comes by a link for guests becomes a member: guests are those without an account.
   */
  async join(who: Principal, code: string): Promise<RoomDto> {
    if (who.guest) throw new AppError('forbidden');
    const invitation = await this.invitations.usable(code);
    const role = invitation.role === 'guest' ? 'member' : invitation.role;
    const joined = await this.db.transaction((manager) => this.seat(manager, invitation, code, who.userId, role));
    if (joined) await this.announcements.joined(invitation.roomId, who.userId);
    return this.views.roomOf(who.userId, invitation.roomId);
  }

  async joinAsGuest(code: string, name: string, device: string): Promise<SignedIn> {
    const invitation = await this.invitations.usable(code);
    if (invitation.role !== 'guest') throw new AppError('forbidden');
    const signedIn = await this.db.transaction(async (manager) => {
      const { createdBy } = invitation;
      if (createdBy !== null) {
        await this.quotas.requireCounted('guests', () => this.users.guestsOf(createdBy, manager));
      }
      const guest = await this.users.createGuest(name.trim(), createdBy, manager);
      await this.seat(manager, invitation, code, guest.id, 'guest');
      await this.requireOwnName(manager, invitation.roomId, name);
      return { user: guest, session: await this.sessions.begin(manager, guest.id, device) };
    });
    await this.announcements.joined(invitation.roomId, signedIn.user.id);
    return signedIn;
  }

  /** Guests are not taken for others. Two of them may have the same name: one may be the other, who comes back. */
  private async requireOwnName(manager: EntityManager, roomId: string, name: string): Promise<void> {
    const [namesake] = await manager.query<unknown[]>(
      `SELECT FROM members m JOIN users u ON u.id = m.user_id
       WHERE m.room_id = $1 AND split_part(u.name_look, ' ', 1) = $2`,
      [roomId, await lookOf(name)],
    );
    if (namesake) throw new AppError('name_taken');
  }

  /**
   * Makes a user a member and takes one use of the invitation, both or neither. The room is locked by then, so that what
   * the invitation may give is decided once and for all.
   * @returns whether the user was no member before
   */
  private async seat(
    manager: EntityManager,
    { id, roomId }: UsableInvitation,
    code: string,
    userId: string,
    role: Role,
  ): Promise<boolean> {
    if (!(await this.arrivals.enter(manager, roomId, userId, role))) return false;
    const used = await manager.query<[unknown[], number]>(
      `UPDATE invitations i SET uses = i.uses + 1 WHERE i.id = $1 AND ${STILL_GOOD}`,
      [id],
    );
    // Somebody was faster: asking anew tells which of the reasons it is.
    if (used[1] === 0) throw await this.invitations.usable(code, manager).then(() => new AppError('unavailable'));
    return true;
  }
}
