import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { MemberDto, MembersDto, PageQueryDto } from '@webcall/contracts';
import { ROLES } from '@webcall/domain';
import { AppError } from '../../platform/http/app-error';
import { pageOf, pageStart } from '../../platform/http/page';

type MemberRow = Pick<MemberDto, 'userId' | 'name' | 'role'> & { joinedAt: Date; key: string };

/**
 * By role, then by name, in one text, which compares by code units: the order that clients can keep among what they have
 * loaded. Who gets another role or name while somebody pages may be missed or come twice; the room hears `member_changed`.
 */
const KEY = `array_position(ARRAY['${ROLES.join("','")}'], m.role) || lower(u.username) COLLATE "C"`;
const KEYS = new RegExp(`^[1-${ROLES.length}][^\\0]*$`, 's');

/** Members as they are shown to one another. */
@Injectable()
export class MemberViews {
  constructor(private readonly db: DataSource) {}

  /** By role, then by name. */
  async membersOf(roomId: string, query: PageQueryDto): Promise<MembersDto> {
    const { after, limit } = pageStart(query, KEYS);
    const found = await this.read(
      `m.room_id = $1 AND ($2::text IS NULL OR (${KEY}, u.id) > ($2, $3::uuid)) ORDER BY key, u.id LIMIT $4`,
      [roomId, after.key, after.id, limit + 1],
    );
    const { rows, next } = pageOf(found, limit, ({ key, userId }) => ({ key, id: userId }));
    return { members: rows.map(memberDto), next };
  }

  /** @throws AppError member_not_found */
  async member(roomId: string, userId: string): Promise<MemberDto> {
    const [member] = await this.read('m.room_id = $1 AND m.user_id = $2', [roomId, userId]);
    if (!member) throw new AppError('member_not_found');
    return memberDto(member);
  }

  private read(which: string, parameters: unknown[]): Promise<MemberRow[]> {
    return this.db.query<MemberRow[]>(
      `SELECT u.id AS "userId", u.username AS name, m.role, m.joined_at AS "joinedAt", ${KEY} AS key
       FROM members m JOIN users u ON u.id = m.user_id WHERE ${which}`,
      parameters,
    );
  }
}

function memberDto({ key: _, ...row }: MemberRow): MemberDto {
  return { ...row, joinedAt: row.joinedAt.toISOString() };
}
