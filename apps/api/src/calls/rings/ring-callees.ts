import { Injectable } from '@nestjs/common';
import { LIMITS } from '@webcall/contracts';
import type { CallState, Role } from '@webcall/domain';
import { DataSource } from 'typeorm';
import { AppError } from '../../platform/http/app-error';
import type { Membership } from '../../rooms/membership';
import { Engaged } from '../core/engaged';

/** Somebody whom a ring is for. */
export interface Callee {
  userId: string;
  name: string;
  role: Role;
  /** Has a seat in the call of another room; not told of who is quiet, which would tell who is blocked where one is. */
  busy: boolean;
  /** Does not want to be disturbed, in this room, at all, or by the caller: who is blocked does not learn which. */
  quiet: boolean;
}

/** The pair of a user `u` and the caller, who is that parameter of the statement. */
const pairWith = (caller: string): string =>
  `contacts c ON c.first_id = least(u.id, ${caller}) AND c.second_id = greatest(u.id, ${caller})`;
/** Whether the user of a pair has blocked the caller. */
const HAS_BLOCKED = 'coalesce(CASE c.first_id WHEN u.id THEN c.blocked_by_first ELSE c.blocked_by_second END, false)';

/** A member as the rules of ringing look at them. */
export interface MemberRow extends Pick<Callee, 'userId' | 'name' | 'role' | 'quiet'> {
  /** Whether the caller has blocked them. */
  blocked: boolean;
}

/** Whom a member may ring, and what is known of them at that moment. */
@Injectable()
export class RingCallees {
  constructor(
    private readonly db: DataSource,
    private readonly engaged: Engaged,
  ) {}

  /**
   * Those of the members who are not in the call; without names everybody whom nobody keeps from it.
   * @throws AppError member_not_found | user_blocked
   */
  async find({ roomId, userId }: Membership, call: CallState, userIds?: readonly string[]): Promise<Callee[]> {
    const rows = await this.members(roomId, userId, userIds);
    if (userIds && !userIds.every((id) => rows.some((row) => row.userId === id)))
      throw new AppError('member_not_found');
    if (userIds && rows.some(({ blocked }) => blocked)) throw new AppError('user_blocked');
    // Who is named and was taken out of the call is refused by its rules.
    const kept = new Set([...call.seats, ...(userIds ? [] : call.barred)].map((user) => user.userId));
    const callees = rows.filter((row) => !row.blocked && !kept.has(row.userId));
    if (callees.length > LIMITS.ring.maxUsers) {
      throw new AppError('invalid_input', { userIds: [`at most ${LIMITS.ring.maxUsers} users can be rung at once`] });
    }
    const rooms = await this.engaged.roomsOf(callees.map((row) => row.userId));
    return callees.map((row) => ({
      userId: row.userId,
      name: row.name,
      role: row.role,
      quiet: row.quiet,
      busy: !row.quiet && (rooms.get(row.userId) ?? []).some((id) => id !== roomId),
    }));
  }

  /** @returns those of the users who have blocked the caller */
  async blockers(callerId: string, userIds: readonly string[]): Promise<string[]> {
    const rows = await this.db.query<{ id: string }[]>(
      `SELECT u.id FROM unnest($2::uuid[]) AS u (id) JOIN ${pairWith('$1')} WHERE ${HAS_BLOCKED}`,
      [callerId, userIds],
    );
    return rows.map(({ id }) => id);
  }

  protected members(roomId: string, callerId: string, userIds: readonly string[] | undefined): Promise<MemberRow[]> {
    return this.db.query(
      `SELECT u.id AS "userId", u.username AS name, m.role,
              u.do_not_disturb OR m.do_not_disturb OR ${HAS_BLOCKED} AS quiet,
              coalesce(CASE c.first_id WHEN $2 THEN c.blocked_by_first ELSE c.blocked_by_second END, false) AS blocked
       FROM members m JOIN users u ON u.id = m.user_id
       LEFT JOIN ${pairWith('$2')}
       WHERE m.room_id = $1 AND u.id <> $2 AND ($3::uuid[] IS NULL OR u.id = ANY ($3))
       ORDER BY m.joined_at, u.id`,
      [roomId, callerId, userIds ?? null],
    );
  }
}
