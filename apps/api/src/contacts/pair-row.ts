import type { Pair, Side } from '@webcall/domain';

/** What stands between two users, as it is stored. */
export interface PairRow {
  status: Pair['status'];
  blockedByFirst: boolean;
  blockedBySecond: boolean;
}

/** Both, in the order of the columns. */
export const SIDES: readonly Side[] = ['first', 'second'];

/** The columns of a `PairRow`, of the table `contacts` named `c`. */
export const PAIR_COLUMNS = `c.status, c.blocked_by_first AS "blockedByFirst", c.blocked_by_second AS "blockedBySecond"`;

export function pairOf({ status, blockedByFirst, blockedBySecond }: PairRow): Pair {
  const blocks: Record<Side, boolean> = { first: blockedByFirst, second: blockedBySecond };
  return { status, blockedBy: SIDES.filter((side) => blocks[side]) };
}

/** @returns the side of `userId`: the lower id is the first, as PostgreSQL orders them */
export function sideOf(userId: string, otherId: string): Side {
  return userId < otherId ? 'first' : 'second';
}
