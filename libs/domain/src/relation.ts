/** One of the two users of a pair. */
export type PairSide = 'first' | 'second';

/** The state between two users: one value for the pair. A user who blocks has no own request open and no contact. */
export interface UserPair {
  status: 'none' | 'asked_by_first' | 'asked_by_second' | 'contacts';
  /** The sides that block the other one; a block is one-sided. */
  blockedBy: readonly PairSide[];
}

/** What another user is to one: a stranger, asked by one, asking one, a contact, or blocked by one. */
export const RELATIONS = ['none', 'requested', 'asked', 'contact', 'blocked'] as const;

/** What another user is to one. */
export type Relation = (typeof RELATIONS)[number];

/** The steps that either user can take. */
export const RELATION_ACTIONS = ['request', 'accept', 'decline', 'withdraw', 'remove', 'block', 'unblock'] as const;

/** One step that either user can take. */
export type RelationAction = (typeof RELATION_ACTIONS)[number];

/** Why a step is refused. */
export type RelationRefusal = 'user_blocked' | 'request_not_found' | 'contact_not_found';

/** The outcome of a step. */
export type RelationStep = { ok: true; pair: UserPair } | { ok: false; refusal: RelationRefusal };

/** Two users without any relation. */
export const STRANGER_PAIR: UserPair = { status: 'none', blockedBy: [] };

/** @returns the other side of the pair */
export function oppositeSide(side: PairSide): PairSide {
  return side === 'first' ? 'second' : 'first';
}

/** @returns the relation as this side sees it; a block by the other side is not visible */
export function relationSeenBy(pair: UserPair, side: PairSide): Relation {
  if (pair.blockedBy.includes(side)) return 'blocked';
  if (pair.status === 'contacts') return 'contact';
  if (pair.status === 'none') return 'none';
  return pair.status === requestStatusOf(side) ? 'requested' : 'asked';
}

/**
 * Takes one step. Two crossing requests make a contact; a step may be repeated.
 * A blocked user does not learn of the block: a contact ends as if it was removed, and a request stays unanswered.
 */
export function advanceRelation(pair: UserPair, side: PairSide, action: RelationAction): RelationStep {
  const relation = relationSeenBy(pair, side);
  switch (action) {
    case 'request':
      if (relation === 'blocked') return refuseRelation('user_blocked');
      if (relation === 'asked') return withPairStatus(pair, 'contacts');
      return relation === 'none' ? withPairStatus(pair, requestStatusOf(side)) : withPairStatus(pair, pair.status);
    case 'accept':
      if (relation === 'contact') return withPairStatus(pair, 'contacts');
      return relation === 'asked' ? withPairStatus(pair, 'contacts') : refuseRelation('request_not_found');
    case 'decline':
      return relation === 'asked' ? withPairStatus(pair, 'none') : refuseRelation('request_not_found');
    case 'withdraw':
      return relation === 'requested' ? withPairStatus(pair, 'none') : refuseRelation('request_not_found');
    case 'remove':
      return relation === 'contact' ? withPairStatus(pair, 'none') : refuseRelation('contact_not_found');
    case 'block':
      return {
        ok: true,
        pair: {
          status: pair.status === requestStatusOf(oppositeSide(side)) ? pair.status : 'none',
          blockedBy: [...new Set([...pair.blockedBy, side])],
        },
      };
    case 'unblock':
      return { ok: true, pair: { ...pair, blockedBy: pair.blockedBy.filter((by) => by !== side) } };
  }
}

/**
 * What a step does to the direct room of the two: a new contact opens it, and the end of a contact or a block closes it.
 * Everything else leaves it as it is, because two users who are no contacts may have one too.
 */
export function directRoomStepOf(before: UserPair, after: UserPair): 'open' | 'close' | 'keep' {
  if (after.status === 'contacts') return before.status === 'contacts' ? 'keep' : 'open';
  return before.status === 'contacts' || after.blockedBy.length > before.blockedBy.length ? 'close' : 'keep';
}

/** Who may begin to write to a user: members of rooms that both are in, or contacts alone. */
export const WRITERS = ['members', 'contacts'] as const;

/** Who may begin to write to a user. */
export type Writers = (typeof WRITERS)[number];

/**
 * Decides about two users with an account.
 * @param other what the other one allows, and whether both are members of one room
 * @returns whether a user may open the direct room with the other one
 */
export function canOpenDirectRoom(pair: UserPair, other: { writers: Writers; sharesRoom: boolean }): boolean {
  if (pair.status === 'contacts') return true;
  return pair.blockedBy.length === 0 && other.sharesRoom && other.writers === 'members';
}

function requestStatusOf(side: PairSide): UserPair['status'] {
  return side === 'first' ? 'asked_by_first' : 'asked_by_second';
}

function withPairStatus(pair: UserPair, status: UserPair['status']): RelationStep {
  return { ok: true, pair: { ...pair, status } };
}

function refuseRelation(refusal: RelationRefusal): RelationStep {
  return { ok: false, refusal };
}
