import { Inject, Injectable } from '@nestjs/common';
import type {
  CreateInvitationDto,
  InvitationDto,
  InvitationPreviewDto,
  InvitationsDto,
  PageQueryDto,
} from '@webcall/contracts';
import { canInviteAsRole, isActionAllowed } from '@webcall/domain';
import { randomUUID } from 'node:crypto';
import { DataSource, type EntityManager, IsNull } from 'typeorm';
import { APP_CONFIG, type AppConfig } from '../../config/app-config';
import type { Principal } from '../../platform/access/principal';
import { Quotas } from '../../platform/access/quotas';
import { deriveSecretToken, hashSecretToken } from '../../platform/access/secrets';
import { sqlStatement, type StatementRow } from '../../platform/database/sql-statement';
import {
  bigintParameter,
  bool,
  integer,
  nullable,
  text,
  textOf,
  timestamp,
  uuid,
} from '../../platform/database/sql-types';
import { AppError } from '../../platform/http/app-error';
import {
  buildResultPage,
  TIMESTAMP_KEY_PATTERN,
  timestampFromKeySql,
  timestampKeySql,
  toPageRequest,
} from '../../platform/http/page';
import { MemberDepartures } from '../members/member-departures';
import type { Membership } from '../membership';
import { RoomsService } from '../rooms.service';
import { MAKER_MAY_GRANT_ROLE } from './invitation-grants';
import { Invitation } from './invitation.entity';

/** SQL condition: the invitation `i` can still be used. */
export const INVITATION_IS_USABLE = `i.revoked_at IS NULL AND (i.expires_at IS NULL OR i.expires_at > now())
  AND (i.max_uses IS NULL OR i.uses < i.max_uses) AND ${MAKER_MAY_GRANT_ROLE}`;

const INVITATION_COLUMNS = {
  id: uuid,
  role: textOf<Invitation['role']>(),
  createdBy: nullable(text),
  createdAt: timestamp,
  expiresAt: nullable(timestamp),
  maxUses: nullable(integer),
  uses: integer,
  codeHash: text,
  key: text,
};
const SELECT_INVITATIONS = `SELECT i.id, i.role, u.username AS "createdBy", i.created_at AS "createdAt", i.expires_at AS "expiresAt",
    i.max_uses AS "maxUses", i.uses, i.code_hash AS "codeHash", ${timestampKeySql('i.created_at')} AS key
  FROM invitations i LEFT JOIN users u ON u.id = i.created_by`;

const LIST_USABLE_INVITATIONS = sqlStatement({
  takes: [uuid, nullable(bigintParameter), nullable(uuid), bigintParameter, nullable(uuid)],
  gives: INVITATION_COLUMNS,
  sql: `${SELECT_INVITATIONS} WHERE i.room_id = $1 AND ${INVITATION_IS_USABLE}
      AND ($5::uuid IS NULL OR i.created_by = $5)
      AND ($2::bigint IS NULL OR (i.created_at, i.id) < (${timestampFromKeySql('$2')}, $3::uuid))
    ORDER BY i.created_at DESC, i.id DESC LIMIT $4`,
});

const FIND_INVITATION = sqlStatement({
  takes: [uuid],
  gives: INVITATION_COLUMNS,
  sql: `${SELECT_INVITATIONS} WHERE i.id = $1`,
});

const FIND_INVITATION_PREVIEW = sqlStatement({
  takes: [uuid],
  gives: {
    roomId: uuid,
    roomName: text,
    invitedBy: nullable(text),
    role: textOf<Invitation['role']>(),
    memberCount: integer,
  },
  sql: `SELECT r.id AS "roomId", r.name AS "roomName", u.username AS "invitedBy", i.role,
           r.member_count AS "memberCount"
    FROM invitations i JOIN rooms r ON r.id = i.room_id LEFT JOIN users u ON u.id = i.created_by WHERE i.id = $1`,
});

const FIND_INVITATION_BY_CODE = sqlStatement({
  takes: [text],
  gives: {
    id: uuid,
    roomId: uuid,
    role: textOf<Invitation['role']>(),
    createdBy: nullable(uuid),
    revoked: bool,
    expired: bool,
    usedUp: bool,
  },
  sql: `SELECT i.id, i.room_id AS "roomId", i.role, i.created_by AS "createdBy",
           i.revoked_at IS NOT NULL OR NOT ${MAKER_MAY_GRANT_ROLE} AS revoked,
           coalesce(i.expires_at <= now(), false) AS expired, coalesce(i.uses >= i.max_uses, false) AS "usedUp"
    FROM invitations i WHERE i.code_hash = $1`,
});

/** Those of one plain member, or those of all moderators: a member cannot use up what the moderators may make. */
const COUNT_USABLE_INVITATIONS = sqlStatement({
  takes: [uuid, nullable(uuid)],
  gives: { count: integer },
  sql: `SELECT count(*)::int AS count FROM invitations i
    JOIN members m ON m.room_id = i.room_id AND m.user_id = i.created_by
    WHERE i.room_id = $1 AND ${INVITATION_IS_USABLE}
      AND CASE WHEN $2::uuid IS NULL THEN m.role <> 'member' ELSE i.created_by = $2 END`,
});

type InvitationRow = StatementRow<typeof FIND_INVITATION>;

/** An invitation that can still be used. */
export type UsableInvitation = Pick<Invitation, 'id' | 'roomId' | 'role' | 'createdBy'>;

/**
 * Manages invitation links, and previews them for people who hold one. Moderators manage those of the whole room, plain
 * members of a public room their own.
 */
@Injectable()
export class InvitationsService {
  constructor(
    private readonly db: DataSource,
    private readonly rooms: RoomsService,
    private readonly departures: MemberDepartures,
    private readonly quotas: Quotas,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  /** The usable invitations, the newest first. */
  async loadInvitationPage(who: Principal, roomId: string, query: PageQueryDto): Promise<InvitationsDto> {
    const member = await this.rooms.requireMember(who, roomId, 'invitation:list');
    const { after, limit } = toPageRequest(query, TIMESTAMP_KEY_PATTERN);
    const maker = soleMakerFor(member);
    const found = await LIST_USABLE_INVITATIONS.loadRows(this.db, roomId, after.key, after.id, limit + 1, maker);
    const { rows, next } = buildResultPage(found, limit, ({ key, id }) => ({ key, id }));
    return { invitations: rows.map((row) => this.toInvitationDto(row, member)), next };
  }

  async issueInvitation(who: Principal, roomId: string, dto: CreateInvitationDto): Promise<InvitationDto> {
    await this.rooms.requireMember(who, roomId, 'invitation:create');
    const hours = dto.expiresInHours;
    const { id, member } = await this.db.transaction(async (manager) => {
      // The lock ensures that a member who is removed or demoted at this moment leaves no invitation behind.
      await this.departures.lockRoom(manager, roomId);
      const member = await this.rooms.requireMember(who, roomId, 'invitation:create', manager);
      if (!canInviteAsRole(member.role, dto.role, member.visibility)) throw new AppError('forbidden');
      await this.quotas.requireCountedQuota('invitations', () => countUsableInvitations(manager, member));
      const id = randomUUID();
      await manager.insert(Invitation, {
        id,
        roomId,
        codeHash: hashSecretToken(this.codeOf(id)),
        role: dto.role,
        createdBy: who.userId,
        expiresAt: hours === undefined ? null : new Date(Date.now() + hours * 60 * 60 * 1000),
        maxUses: dto.maxUses ?? null,
      });
      return { id, member };
    });
    const made = await FIND_INVITATION.findRow(this.db, id);
    if (!made) throw new AppError('invitation_not_found');
    return this.toInvitationDto(made, member);
  }

  async markInvitationRevoked(who: Principal, roomId: string, invitationId: string): Promise<void> {
    const maker = soleMakerFor(await this.rooms.requireMember(who, roomId, 'invitation:revoke'));
    const open = { id: invitationId, roomId, revokedAt: IsNull(), ...(maker && { createdBy: maker }) };
    const { affected } = await this.db.manager.update(Invitation, open, { revokedAt: new Date() });
    if (!affected) throw new AppError('invitation_not_found');
  }

  /** The room and role that an invitation leads to. */
  async loadInvitationPreview(code: string): Promise<InvitationPreviewDto> {
    const invitation = await this.requireUsableInvitation(code);
    const preview = await FIND_INVITATION_PREVIEW.findRow(this.db, invitation.id);
    if (!preview) throw new AppError('invitation_not_found');
    return preview;
  }

  /**
   * An invitation grants no more than its creator may grant now. The result is only binding under the room's lock.
   * @throws AppError invitation_not_found | invitation_revoked | invitation_expired | invitation_used_up
   */
  async requireUsableInvitation(code: string, manager: EntityManager = this.db.manager): Promise<UsableInvitation> {
    const invitation = await FIND_INVITATION_BY_CODE.findRow(manager, hashSecretToken(code));
    if (!invitation) throw new AppError('invitation_not_found');
    const { revoked, expired, usedUp, ...usable } = invitation;
    if (revoked) throw new AppError('invitation_revoked');
    if (expired) throw new AppError('invitation_expired');
    if (usedUp) throw new AppError('invitation_used_up');
    return usable;
  }

  /**
   * The code is derived from the id, so that it can be shown again and a copy of the database opens no room. It is only
   * shown to whoever could give the same role by a link of their own; it is missing if the secret was another one when
   * the invitation was made.
   */
  private toInvitationDto({ key: _, codeHash, ...row }: InvitationRow, viewer: Membership): InvitationDto {
    const code = this.codeOf(row.id);
    const shown = canInviteAsRole(viewer.role, row.role, viewer.visibility) && hashSecretToken(code) === codeHash;
    const expiresAt = row.expiresAt?.toISOString() ?? null;
    return { ...row, ...(shown && { code }), createdAt: row.createdAt.toISOString(), expiresAt };
  }

  private codeOf(invitationId: string): string {
    return deriveSecretToken(this.config.jwtSecret, `invitation ${invitationId}`);
  }
}

/** @returns the only user whose invitations this member manages; null for moderators, who manage those of everybody */
function soleMakerFor({ role, userId }: Membership): string | null {
  return isActionAllowed(role, 'invitation:list') ? null : userId;
}

/** Counts the usable invitations that share a quota with those of the member, in a room whose row is locked. */
async function countUsableInvitations(manager: EntityManager, member: Membership): Promise<number> {
  return (await COUNT_USABLE_INVITATIONS.findRow(manager, member.roomId, soleMakerFor(member)))?.count ?? 0;
}
