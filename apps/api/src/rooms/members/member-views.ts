import { Injectable } from '@nestjs/common';
import type { MemberDto, MembersDto, PageQueryDto } from '@webcall/contracts';
import { ROLES } from '@webcall/domain';
import { DataSource } from 'typeorm';
import { AppError } from '../../platform/http/app-error';
import { buildResultPage, toPageRequest } from '../../platform/http/page';

type MemberRow = Pick<MemberDto, 'userId' | 'name' | 'role'> & { joinedAt: Date; key: string };

/**
 * Role and name in one text that compares by code units, so that clients can keep the same order. A member whose role
 * or name changes during paging may be missing or appear twice; `member_changed` announces them to the room.
 */
const MEMBER_SORT_KEY = `array_position(ARRAY['${ROLES.join("','")}'], m.role) || lower(u.username) COLLATE "C"`;
const MEMBER_KEY_PATTERN = new RegExp(`^[1-${ROLES.length}][^\\0]*$`, 's');

/** Loads the members of a room as DTOs. */
@Injectable()
export class MemberViews {
  constructor(private readonly db: DataSource) {}

  /** Ordered by role, then by name. */
  async loadMemberViewPage(roomId: string, query: PageQueryDto): Promise<MembersDto> {
    const { after, limit } = toPageRequest(query, MEMBER_KEY_PATTERN);
    const found = await this.queryMemberRows(
      `m.room_id = $1 AND ($2::text IS NULL OR (${MEMBER_SORT_KEY}, u.id) > ($2, $3::uuid)) ORDER BY key, u.id LIMIT $4`,
      [roomId, after.key, after.id, limit + 1],
    );
    const { rows, next } = buildResultPage(found, limit, ({ key, userId }) => ({ key, id: userId }));
    return { members: rows.map(toMemberDto), next };
  }

  /** @throws AppError member_not_found */
  async loadMemberView(roomId: string, userId: string): Promise<MemberDto> {
    const [member] = await this.queryMemberRows('m.room_id = $1 AND m.user_id = $2', [roomId, userId]);
    if (!member) throw new AppError('member_not_found');
    return toMemberDto(member);
  }

  private queryMemberRows(which: string, parameters: unknown[]): Promise<MemberRow[]> {
    return this.db.query<MemberRow[]>(
      `SELECT u.id AS "userId", u.username AS name, m.role, m.joined_at AS "joinedAt", ${MEMBER_SORT_KEY} AS key
       FROM members m JOIN users u ON u.id = m.user_id WHERE ${which}`,
      parameters,
    );
  }
}

function toMemberDto({ key: _, ...row }: MemberRow): MemberDto {
  return { ...row, joinedAt: row.joinedAt.toISOString() };
}
