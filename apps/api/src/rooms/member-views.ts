import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { MemberDto } from '@webcall/contracts';
import { ROLES } from '@webcall/domain';
import { AppError } from '../platform/http/app-error';

type MemberRow = Pick<MemberDto, 'userId' | 'name' | 'role'> & { joinedAt: Date };

/** Members as they are shown to one another. */
@Injectable()
export class MemberViews {
  constructor(private readonly db: DataSource) {}

  /** By role, then in the order of joining. */
  async membersOf(roomId: string): Promise<MemberDto[]> {
    const members = await this.read('m.room_id = $1', [roomId]);
    return members.sort((a, b) => ROLES.indexOf(a.role) - ROLES.indexOf(b.role));
  }

  /** @throws AppError member_not_found */
  async member(roomId: string, userId: string): Promise<MemberDto> {
    const [member] = await this.read('m.room_id = $1 AND m.user_id = $2', [roomId, userId]);
    if (!member) throw new AppError('member_not_found');
    return member;
  }

  private async read(where: string, parameters: string[]): Promise<MemberDto[]> {
    const rows = await this.db.query<MemberRow[]>(
      `SELECT m.user_id AS "userId", u.username AS name, m.role, m.joined_at AS "joinedAt"
       FROM members m JOIN users u ON u.id = m.user_id WHERE ${where} ORDER BY m.joined_at, m.user_id`,
      parameters,
    );
    return rows.map((row) => ({ ...row, joinedAt: row.joinedAt.toISOString() }));
  }
}
