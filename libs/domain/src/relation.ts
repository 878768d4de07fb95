/** One of two users, whichever is looked from. */
export type Side = 'first' | 'second';

/** What stands between two users: one value for the pair. Who blocks is neither asking nor a contact. */
export interface Pair {
  status: 'none' | 'asked_by_first' | 'asked_by_second' | 'contacts';
  /** Who blocks the other; a block is one-sided. */
  blockedBy: readonly Side[];
}

/** Another user as one sees them: a stranger, someone one has asked, someone who asks, a contact, or blocked by oneself. */
export const RELATIONS = ['none', 'requested', 'asked', 'contact', 'blocked'] as const;

/** Another user as one sees them. */
export type Relation = (typeof RELATIONS)[number];

/** What one of the two can do about it. */
export const RELATION_ACTIONS = ['request', 'accept', 'decline', 'withdraw', 'remove', 'block', 'unblock'] as const;

/** What one of the two can do about it. */
export type RelationAction = (typeof RELATION_ACTIONS)[number];

/** Why a step is not a legal one. */
export type RelationRefusal = 'user_blocked' | 'request_not_found' | 'contact_not_found';

/** The outcome of a step. */
export type RelationStep = { ok: true; pair: Pair } | { ok: false; refusal: RelationRefusal };

/** Two users who have nothing to do with each other. */
export const STRANGERS: Pair = { status: 'none', blockedBy: [] };

/** @returns the other one of the two */
export function otherSide(side: Side): Side {
  return side === 'first' ? 'second' : 'first';
}

/** @returns the other user as this side sees them; being blocked by them does not show */
export function relationOf(pair: Pair, side: Side): Relation {
  if (pair.blockedBy.includes(side)) return 'blocked';
  if (pair.status === 'contacts') return 'contact';
  if (pair.status === 'none') return 'none';
  return pair.status === askedBy(side) ? 'requested' : 'asked';
}

/**
 * Takes one step. Two crossing requests make a contact; a step that has been taken may be taken again.
 * Who is blocked does not learn it: a contact ends as if it was removed, and a request stays without an answer.
 */
export function relate(pair: Pair, side: Side, action: RelationAction): RelationStep {
  const relation = relationOf(pair, side);
  switch (action) {
    case 'request':
      if (relation === 'blocked') return refuse('user_blocked');
      if (relation === 'asked') return to(pair, 'contacts');
      return relation === 'none' ? to(pair, askedBy(side)) : to(pair, pair.status);
    case 'accept':
      if (relation === 'contact') return to(pair, 'contacts');
      return relation === 'asked' ? to(pair, 'contacts') : refuse('request_not_found');
    case 'decline':
      return relation === 'asked' ? to(pair, 'none') : refuse('request_not_found');
    case 'withdraw':
      return relation === 'requested' ? to(pair, 'none') : refuse('request_not_found');
    case 'remove':
      return relation === 'contact' ? to(pair, 'none') : refuse('contact_not_found');
    case 'block':
      return {
        ok: true,
        pair: {
          status: pair.status === askedBy(otherSide(side)) ? pair.status : 'none',
          blockedBy: [...new Set([...pair.blockedBy, side])],
        },
      };
    case 'unblock':
      return { ok: true, pair: { ...pair, blockedBy: pair.blockedBy.filter((by) => by !== side) } };
  }
}

function askedBy(side: Side): Pair['status'] {
  return side === 'first' ? 'asked_by_first' : 'asked_by_second';
}

function to(pair: Pair, status: Pair['status']): RelationStep {
  return { ok: true, pair: { ...pair, status } };
}

function refuse(refusal: RelationRefusal): RelationStep {
  return { ok: false, refusal };
}
