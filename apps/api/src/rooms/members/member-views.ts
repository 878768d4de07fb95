import { Injectable } from '@nestjs/common';
import type { MemberDto, MembersDto, PageQueryDto, RoomDto } from '@webcall/contracts';
import { type Role, ROLES } from '@webcall/domain';
import { DataSource, type EntityManager } from 'typeorm';
import { sqlStatement, type StatementRow } from '../../platform/database/sql-statement';
import { bigintParameter, integer, nullable, text, textOf, timestamp, uuid } from '../../platform/database/sql-types';
import { AppError } from '../../platform/http/app-error';
import { buildResultPage, toPageRequest } from '../../platform/http/page';

/**
 * Role and name in one text that compares by code units, so that clients can keep the same order. A member whose role
 * or name changes during paging may be missing or appear twice; `member_changed` announces them to the room.
 */
const MEMBER_SORT_KEY = `array_position(ARRAY['${ROLES.join("','")}'], m.role) || lower(u.username) COLLATE "C"`;
const MEMBER_KEY_PATTERN = new RegExp(`^[1-${ROLES.length}][^\\0]*$`, 's');

const MEMBER_COLUMNS = { userId: uuid, name: text, role: textOf<Role>(), joinedAt: timestamp, key: text };
const SELECT_MEMBERS = `SELECT u.id AS "userId", u.username AS name, m.role, m.joined_at AS "joinedAt", ${MEMBER_SORT_KEY} AS key
  FROM members m JOIN users u ON u.id = m.user_id`;

const LIST_MEMBERS = sqlStatement({
  takes: [uuid, nullable(text), nullable(uuid), bigintParameter],
  gives: MEMBER_COLUMNS,
  sql: `${SELECT_MEMBERS} WHERE m.room_id = $1 AND ($2::text IS NULL OR (${MEMBER_SORT_KEY}, u.id) > ($2, $3::uuid))
    ORDER BY key, u.id LIMIT $4`,
});

const FIND_MEMBER = sqlStatement({
  takes: [uuid, uuid],
  gives: MEMBER_COLUMNS,
  sql: `${SELECT_MEMBERS} WHERE m.room_id = $1 AND m.user_id = $2`,
});

const FIND_MEMBER_COUNT = sqlStatement({
  takes: [uuid],
  gives: { memberCount: integer, memberChanges: integer },
  sql: 'SELECT member_count AS "memberCount", member_changes AS "memberChanges" FROM rooms WHERE id = $1',
});

/** Loads the members of a room as DTOs. */
@Injectable()
export class MemberViews {
  constructor(private readonly db: DataSource) {}

  /** Ordered by role, then by name. */
  async loadMemberViewPage(roomId: string, query: PageQueryDto): Promise<MembersDto> {
    const { after, limit } = toPageRequest(query, MEMBER_KEY_PATTERN);
    const found = await LIST_MEMBERS.loadRows(this.db, roomId, after.key, after.id, limit + 1);
    const { rows, next } = buildResultPage(found, limit, ({ key, userId }) => ({ key, id: userId }));
    return { members: rows.map(toMemberDto), next };
  }

  /** @throws AppError member_not_found */
  async loadMemberView(roomId: string, userId: string): Promise<MemberDto> {
    const member = await FIND_MEMBER.findRow(this.db, roomId, userId);
    if (!member) throw new AppError('member_not_found');
    return toMemberDto(member);
  }

  /** @throws AppError room_not_found */
  async loadMemberCount(
    roomId: string,
    manager: EntityManager = this.db.manager,
  ): Promise<Pick<RoomDto, 'memberCount' | 'memberChanges'>> {
    const count = await FIND_MEMBER_COUNT.findRow(manager, roomId);
    if (!count) throw new AppError('room_not_found');
    return count;
  }
}

function toMemberDto({ key: _, ...row }: StatementRow<typeof FIND_MEMBER>): MemberDto {
  return { ...row, joinedAt: row.joinedAt.toISOString() };
}
