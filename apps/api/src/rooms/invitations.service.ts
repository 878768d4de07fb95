import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, IsNull } from 'typeorm';
import type { CreateInvitationDto, InvitationDto, InvitationPreviewDto } from '@webcall/contracts';
import { mayInviteAs } from '@webcall/domain';
import type { Principal } from '../platform/access/principal';
import { newSecretToken, secretTokenHash } from '../platform/access/secret-token';
import { AppError } from '../platform/http/app-error';
import { Invitation } from './invitation.entity';
import { RoomsService } from './rooms.service';

type InvitationRow = Omit<InvitationDto, 'code' | 'createdAt' | 'expiresAt'> & {
  createdAt: Date;
  expiresAt: Date | null;
};

/** What makes an invitation one that still lets people in. */
export const STILL_GOOD = `i.revoked_at IS NULL AND (i.expires_at IS NULL OR i.expires_at > now())
  AND (i.max_uses IS NULL OR i.uses < i.max_uses)`;

/** Invitation links as moderators handle them, and as they look to whoever holds one. */
@Injectable()
export class InvitationsService {
  constructor(
    private readonly db: DataSource,
    private readonly rooms: RoomsService,
  ) {}

  /** Those that still let people in, the newest first. */
  async list(who: Principal, roomId: string): Promise<InvitationDto[]> {
    await this.rooms.requireMember(who, roomId, 'invitation:list');
    return this.read(`i.room_id = $1 AND ${STILL_GOOD}`, roomId);
  }

  /** The answer is the only one that has the code in it. */
  async create(who: Principal, roomId: string, dto: CreateInvitationDto): Promise<InvitationDto> {
    const { role } = await this.rooms.requireMember(who, roomId, 'invitation:create');
    if (!mayInviteAs(role, dto.role)) throw new AppError('forbidden');
    const code = newSecretToken();
    const hours = dto.expiresInHours;
    const invitation = this.db.manager.create(Invitation, {
      roomId,
      codeHash: secretTokenHash(code),
      role: dto.role,
      createdBy: who.userId,
      expiresAt: hours === undefined ? null : new Date(Date.now() + hours * 60 * 60 * 1000),
      maxUses: dto.maxUses ?? null,
    });
    await this.db.manager.insert(Invitation, invitation);
    const [made] = await this.read('i.id = $1', invitation.id);
    if (!made) throw new AppError('invitation_not_found');
    return { ...made, code };
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

  /** @throws AppError invitation_not_found | invitation_revoked | invitation_expired | invitation_used_up */
  async usable(code: string, manager: EntityManager = this.db.manager): Promise<Invitation> {
    const invitation = await manager.findOneBy(Invitation, { codeHash: secretTokenHash(code) });
    if (!invitation) throw new AppError('invitation_not_found');
    const { revokedAt, expiresAt, maxUses, uses } = invitation;
    if (revokedAt) throw new AppError('invitation_revoked');
    if (expiresAt && expiresAt.getTime() <= Date.now()) throw new AppError('invitation_expired');
    if (maxUses !== null && uses >= maxUses) throw new AppError('invitation_used_up');
    return invitation;
  }

  private async read(where: string, id: string): Promise<InvitationDto[]> {
    const rows = await this.db.query<InvitationRow[]>(
      `SELECT i.id, i.role, u.username AS "createdBy", i.created_at AS "createdAt", i.expires_at AS "expiresAt",
              i.max_uses AS "maxUses", i.uses
       FROM invitations i LEFT JOIN users u ON u.id = i.created_by WHERE ${where} ORDER BY i.created_at DESC, i.id`,
      [id],
    );
    return rows.map((row) => ({
      ...row,
      createdAt: row.createdAt.toISOString(),
      expiresAt: row.expiresAt?.toISOString() ?? null,
    }));
  }
}
