import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, IsNull } from 'typeorm';
import type {
  CreateInvitationDto,
  InvitationDto,
  InvitationPreviewDto,
  InvitationsDto,
  PageQueryDto,
} from '@webcall/contracts';
import { mayInviteAs } from '@webcall/domain';
import type { Principal } from '../../platform/access/principal';
import { Quotas } from '../../platform/access/quotas';
import { newSecretToken, secretTokenHash } from '../../platform/access/secret-token';
import { AppError } from '../../platform/http/app-error';
import { MOMENT_KEYS, momentKey, momentOf, pageOf, pageStart } from '../../platform/http/page';
import { Departures } from '../members/departures';
import { MAKER_MAY_GIVE } from './invitation-reach';
import { Invitation } from './invitation.entity';
import { RoomsService } from '../rooms.service';

type InvitationRow = Omit<InvitationDto, 'code' | 'createdAt' | 'expiresAt'> & {
  createdAt: Date;
  expiresAt: Date | null;
  /** When it was made, in µs: the order of the pages. */
  key: string;
};

/** What makes an invitation one that still lets people in. */
export const STILL_GOOD = `i.revoked_at IS NULL AND (i.expires_at IS NULL OR i.expires_at > now())
  AND (i.max_uses IS NULL OR i.uses < i.max_uses) AND ${MAKER_MAY_GIVE}`;

/** An invitation that lets people in. */
export type UsableInvitation = Pick<Invitation, 'id' | 'roomId' | 'role' | 'createdBy'>;

/** Invitation links as moderators handle them, and as they look to whoever holds one. */
@Injectable()
export class InvitationsService {
  constructor(
    private readonly db: DataSource,
    private readonly rooms: RoomsService,
    private readonly departures: Departures,
    private readonly quotas: Quotas,
  ) {}

  /** Those that still let people in, the newest first. */
  async list(who: Principal, roomId: string, query: PageQueryDto): Promise<InvitationsDto> {
    await this.rooms.requireMember(who, roomId, 'invitation:list');
    const { after, limit } = pageStart(query, MOMENT_KEYS);
    const found = await this.read(
      `i.room_id = $1 AND ${STILL_GOOD}
         AND ($2::bigint IS NULL OR (i.created_at, i.id) < (${momentOf('$2')}, $3::uuid))
       ORDER BY i.created_at DESC, i.id DESC LIMIT $4`,
      [roomId, after.key, after.id, limit + 1],
    );
    const { rows, next } = pageOf(found, limit, ({ key, id }) => ({ key, id }));
    return { invitations: rows.map(invitationDto), next };
  }

  /** The answer is the only one that has the code in it. */
  async create(who: Principal, roomId: string, dto: CreateInvitationDto): Promise<InvitationDto> {
    await this.rooms.requireMember(who, roomId, 'invitation:create');
    const code = newSecretToken();
    const hours = dto.expiresInHours;
    const { id } = await this.db.transaction(async (manager) => {
      // Who is taken out, or loses their role, in the same moment leaves no invitation behind.
      await this.departures.lock(manager, roomId);
      const { role } = await this.rooms.requireMember(who, roomId, 'invitation:create', manager);
      if (!mayInviteAs(role, dto.role)) throw new AppError('forbidden');
      await this.quotas.requireCounted('invitations', () => openOnes(manager, roomId));
      const invitation = manager.create(Invitation, {
        roomId,
        codeHash: secretTokenHash(code),
        role: dto.role,
        createdBy: who.userId,
        expiresAt: hours === undefined ? null : new Date(Date.now() + hours * 60 * 60 * 1000),
        maxUses: dto.maxUses ?? null,
      });
      await manager.insert(Invitation, invitation);
      return invitation;
    });
    const [made] = await this.read('i.id = $1', [id]);
    if (!made) throw new AppError('invitation_not_found');
    return { ...invitationDto(made), code };
  }

  async revoke(who: Principal, roomId: string, invitationId: string): Promise<void> {
    await this.rooms.requireMember(who, roomId, 'invitation:revoke');
    const open = { id: invitationId, roomId, revokedAt: IsNull() };
    const { affected } = await this.db.manager.update(Invitation, open, { revokedAt: new Date() });
    if (!affected) throw new AppError('invitation_not_found');
  }

  /** What an invitation shows to whoever holds it. */
  async preview(code: string): Promise<InvitationPreviewDto> {
    const invitation = await this.usable(code);
    const [preview] = await this.db.query<InvitationPreviewDto[]>(
      `SELECT r.id AS "roomId", r.name AS "roomName", u.username AS "invitedBy", i.role,
              (SELECT count(*)::int FROM members m WHERE m.room_id = r.id) AS "memberCount"
       FROM invitations i JOIN rooms r ON r.id = i.room_id LEFT JOIN users u ON u.id = i.created_by WHERE i.id = $1`,
      [invitation.id],
    );
    if (!preview) throw new AppError('invitation_not_found');
    return preview;
  }

  /**
   * An invitation gives no more than its maker may give at this moment. To decide by it, hold the lock of its room.
   * @throws AppError invitation_not_found | invitation_revoked | invitation_expired | invitation_used_up
   */
  async usable(code: string, manager: EntityManager = this.db.manager): Promise<UsableInvitation> {
    const [invitation] = await manager.query<(UsableInvitation & Record<'revoked' | 'expired' | 'usedUp', boolean>)[]>(
      `SELECT i.id, i.room_id AS "roomId", i.role, i.created_by AS "createdBy", i.revoked_at IS NOT NULL OR NOT ${MAKER_MAY_GIVE} AS revoked,
              coalesce(i.expires_at <= now(), false) AS expired, coalesce(i.uses >= i.max_uses, false) AS "usedUp"
       FROM invitations i WHERE i.code_hash = $1`,
      [secretTokenHash(code)],
    );
    if (!invitation) throw new AppError('invitation_not_found');
    const { revoked, expired, usedUp, ...usable } = invitation;
    if (revoked) throw new AppError('invitation_revoked');
    if (expired) throw new AppError('invitation_expired');
    if (usedUp) throw new AppError('invitation_used_up');
    return usable;
  }

  private read(which: string, parameters: unknown[]): Promise<InvitationRow[]> {
    return this.db.query<InvitationRow[]>(
      `SELECT i.id, i.role, u.username AS "createdBy", i.created_at AS "createdAt", i.expires_at AS "expiresAt",
              i.max_uses AS "maxUses", i.uses, ${momentKey('i.created_at')} AS key
       FROM invitations i LEFT JOIN users u ON u.id = i.created_by WHERE ${which}`,
      parameters,
    );
  }
}

function invitationDto({ key: _, ...row }: InvitationRow): InvitationDto {
  return { ...row, createdAt: row.createdAt.toISOString(), expiresAt: row.expiresAt?.toISOString() ?? null };
}

/** How many invitations let people into a room, whose row is locked. */
async function openOnes(manager: EntityManager, roomId: string): Promise<number> {
  const [row] = await manager.query<{ count: number }[]>(
    `SELECT count(*)::int AS count FROM invitations i WHERE i.room_id = $1 AND ${STILL_GOOD}`,
    [roomId],
  );
  return row?.count ?? 0;
}
