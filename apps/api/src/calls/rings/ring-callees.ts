import { Injectable } from '@nestjs/common';
import { PROTOCOL_LIMITS } from '@webcall/contracts';
import type { CallState, Role } from '@webcall/domain';
import { DataSource } from 'typeorm';
import { sqlStatement, type StatementRow } from '../../platform/database/sql-statement';
import { bool, nullable, text, textOf, uuid, uuidsParameter } from '../../platform/database/sql-types';
import { AppError } from '../../platform/http/app-error';
import type { Membership } from '../../rooms/membership';
import { LiveCallPresence } from '../core/live-call-presence';

/** A member who is to be rung. */
export interface Callee {
  userId: string;
  name: string;
  role: Role;
  /** In the call of another room; never set for quiet users, as a blocked caller must not learn where the callee is. */
  busy: boolean;
  /** Not to be disturbed at all or in this room, or has blocked the caller, who must not learn which of these it is. */
  quiet: boolean;
}

/** SQL of the contact pair of a user `u` and the caller. `caller` is the placeholder of the caller's id. */
const contactPairSql = (caller: string): string =>
  `contacts c ON c.first_id = least(u.id, ${caller}) AND c.second_id = greatest(u.id, ${caller})`;
/** Whether the user of a pair has blocked the caller. */
const HAS_BLOCKED = 'coalesce(CASE c.first_id WHEN u.id THEN c.blocked_by_first ELSE c.blocked_by_second END, false)';

const FIND_BLOCKERS = sqlStatement({
  takes: [uuid, uuidsParameter],
  gives: { id: uuid },
  sql: `SELECT u.id FROM unnest($2::uuid[]) AS u (id) JOIN ${contactPairSql('$1')} WHERE ${HAS_BLOCKED}`,
});

const LOAD_RING_MEMBERS = sqlStatement({
  takes: [uuid, uuid, nullable(uuidsParameter)],
  gives: { userId: uuid, name: text, role: textOf<Role>(), quiet: bool, blocked: bool },
  sql: `SELECT u.id AS "userId", u.username AS name, m.role,
           u.do_not_disturb OR m.do_not_disturb OR ${HAS_BLOCKED} AS quiet,
           coalesce(CASE c.first_id WHEN $2 THEN c.blocked_by_first ELSE c.blocked_by_second END, false) AS blocked
    FROM members m JOIN users u ON u.id = m.user_id
    LEFT JOIN ${contactPairSql('$2')}
    WHERE m.room_id = $1 AND u.id <> $2 AND ($3::uuid[] IS NULL OR u.id = ANY ($3))
    ORDER BY m.joined_at, u.id`,
});

/** A member, with what the rules of ringing need; `blocked` by the caller. */
export type RingMemberRow = StatementRow<typeof LOAD_RING_MEMBERS>;

/** Finds the members whom a caller may ring, and loads their current state. */
@Injectable()
export class RingCallees {
  constructor(
    private readonly db: DataSource,
    private readonly callPresence: LiveCallPresence,
  ) {}

  /**
   * Of the given members those who are not in the call; without `userIds` all members who are neither in it, nor barred
   * from it, nor blocked by the caller.
   * @throws AppError member_not_found | user_blocked
   */
  async findCallees({ roomId, userId }: Membership, call: CallState, userIds?: readonly string[]): Promise<Callee[]> {
    const rows = await this.loadRingMembers(roomId, userId, userIds);
    if (userIds && !userIds.every((id) => rows.some((row) => row.userId === id)))
      throw new AppError('member_not_found');
    if (userIds && rows.some(({ blocked }) => blocked)) throw new AppError('user_blocked');
    // A barred user who is named explicitly is refused by the rules of calls later.
    const excluded = new Set([...call.seats, ...(userIds ? [] : call.barred)].map((user) => user.userId));
    const callees = rows.filter((row) => !row.blocked && !excluded.has(row.userId));
    if (callees.length > PROTOCOL_LIMITS.ring.maxUsers) {
      throw new AppError('invalid_input', {
        userIds: [`at most ${PROTOCOL_LIMITS.ring.maxUsers} users can be rung at once`],
      });
    }
    const callRoomIds = await this.callPresence.loadCallRoomIds(callees.map((row) => row.userId));
    return callees.map((row) => ({
      userId: row.userId,
      name: row.name,
      role: row.role,
      quiet: row.quiet,
      busy: !row.quiet && (callRoomIds.get(row.userId) ?? []).some((id) => id !== roomId),
    }));
  }

  /** @returns those of the users who have blocked the caller */
  async findBlockersOfCaller(callerId: string, userIds: readonly string[]): Promise<string[]> {
    const rows = await FIND_BLOCKERS.loadRows(this.db, callerId, userIds);
    return rows.map(({ id }) => id);
  }

  protected loadRingMembers(
    roomId: string,
    callerId: string,
    userIds: readonly string[] | undefined,
  ): Promise<RingMemberRow[]> {
    return LOAD_RING_MEMBERS.loadRows(this.db, roomId, callerId, userIds ?? null);
  }
}
