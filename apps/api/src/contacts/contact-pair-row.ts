import type { PairSide, UserPair } from '@webcall/domain';
import type { RowOf } from '../platform/database/sql-statement';
import { bool, textOf } from '../platform/database/sql-types';

/** The stored relation between two users. */
export const CONTACT_PAIR_TYPES = { status: textOf<UserPair['status']>(), blockedByFirst: bool, blockedBySecond: bool };

/** Both sides, in the order of the columns. */
export const PAIR_SIDES: readonly PairSide[] = ['first', 'second'];

/** The columns of `CONTACT_PAIR_TYPES`, from the table `contacts` with the alias `c`. */
export const CONTACT_PAIR_COLUMNS = `c.status, c.blocked_by_first AS "blockedByFirst", c.blocked_by_second AS "blockedBySecond"`;

export function toContactPair({ status, blockedByFirst, blockedBySecond }: RowOf<typeof CONTACT_PAIR_TYPES>): UserPair {
  const blocks: Record<PairSide, boolean> = { first: blockedByFirst, second: blockedBySecond };
  return { status, blockedBy: PAIR_SIDES.filter((side) => blocks[side]) };
}

/** @returns the side of `userId`: the lower id is first, in PostgreSQL's order */
export function pairSideOf(userId: string, otherId: string): PairSide {
  return userId < otherId ? 'first' : 'second';
}
