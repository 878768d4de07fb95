import {
  advanceRelation,
  canOpenDirectRoom,
  directRoomStepOf,
  oppositeSide,
  type PairSide,
  type Relation,
  RELATION_ACTIONS,
  type RelationAction,
  relationSeenBy,
  STRANGER_PAIR,
  type UserPair,
} from './relation';

const SIDES: readonly PairSide[] = ['first', 'second'];

/** Takes steps one after the other; none of them must be refused. */
function after(...steps: [PairSide, RelationAction][]): UserPair {
  return steps.reduce((pair, [side, action]) => {
    const step = advanceRelation(pair, side, action);
    if (!step.ok) throw new Error(`${side} ${action}: ${step.refusal}`);
    return step.pair;
  }, STRANGER_PAIR);
}

const keyOf = ({ status, blockedBy }: UserPair): string => `${status} ${[...blockedBy].sort().join(' ')}`;

/** Every state that steps of both can lead to in any order: there are few enough to check all of them. */
function everyPair(): UserPair[] {
  const known = new Map([[keyOf(STRANGER_PAIR), STRANGER_PAIR]]);
  const open = [STRANGER_PAIR];
  for (let pair = open.pop(); pair; pair = open.pop()) {
    for (const side of SIDES) {
      for (const action of RELATION_ACTIONS) {
        const step = advanceRelation(pair, side, action);
        if (!step.ok || known.has(keyOf(step.pair))) continue;
        known.set(keyOf(step.pair), step.pair);
        open.push(step.pair);
      }
    }
  }
  return [...known.values()];
}

const ASKED = after(['first', 'request']);
const CONTACTS = after(['first', 'request'], ['second', 'accept']);
const BLOCKED = after(['first', 'block']);

describe('the relation that each side sees', () => {
  it.each<[string, UserPair, Relation, Relation]>([
    ['strangers', STRANGER_PAIR, 'none', 'none'],
    ['a request', ASKED, 'requested', 'asked'],
    ['contacts', CONTACTS, 'contact', 'contact'],
    ['a block', BLOCKED, 'blocked', 'none'],
    ['two blocks', after(['first', 'block'], ['second', 'block']), 'blocked', 'blocked'],
    ['a request of a blocked user', after(['first', 'block'], ['second', 'request']), 'blocked', 'requested'],
    ['a request, then its receiver blocks', after(['first', 'request'], ['second', 'block']), 'requested', 'blocked'],
    ['a request, then its sender blocks', after(['first', 'request'], ['first', 'block']), 'blocked', 'none'],
    [
      'contacts one of whom blocks',
      after(['first', 'request'], ['second', 'request'], ['second', 'block']),
      'none',
      'blocked',
    ],
  ])('of %s', (_, pair, first, second) => {
    expect([relationSeenBy(pair, 'first'), relationSeenBy(pair, 'second')]).toEqual([first, second]);
  });
});

describe('a step', () => {
  /** The relation that the first side sees after it, or why it is refused. */
  it.each<[RelationAction, Record<'strangers' | 'asker' | 'asked' | 'contacts' | 'blocker' | 'blocked', string>]>([
    [
      'request',
      {
        strangers: 'requested',
        asker: 'requested',
        asked: 'contact',
        contacts: 'contact',
        blocker: 'user_blocked',
        blocked: 'requested',
      },
    ],
    [
      'accept',
      {
        strangers: 'request_not_found',
        asker: 'request_not_found',
        asked: 'contact',
        contacts: 'contact',
        blocker: 'request_not_found',
        blocked: 'request_not_found',
      },
    ],
    [
      'decline',
      {
        strangers: 'request_not_found',
        asker: 'request_not_found',
        asked: 'none',
        contacts: 'request_not_found',
        blocker: 'request_not_found',
        blocked: 'request_not_found',
      },
    ],
    [
      'withdraw',
      {
        strangers: 'request_not_found',
        asker: 'none',
        asked: 'request_not_found',
        contacts: 'request_not_found',
        blocker: 'request_not_found',
        blocked: 'request_not_found',
      },
    ],
    [
      'remove',
      {
        strangers: 'contact_not_found',
        asker: 'contact_not_found',
        asked: 'contact_not_found',
        contacts: 'none',
        blocker: 'contact_not_found',
        blocked: 'contact_not_found',
      },
    ],
    [
      'block',
      {
        strangers: 'blocked',
        asker: 'blocked',
        asked: 'blocked',
        contacts: 'blocked',
        blocker: 'blocked',
        blocked: 'blocked',
      },
    ],
    [
      'unblock',
      {
        strangers: 'none',
        asker: 'requested',
        asked: 'asked',
        contacts: 'contact',
        blocker: 'none',
        blocked: 'none',
      },
    ],
  ])('%s', (action, outcomes) => {
    const starts = {
      strangers: STRANGER_PAIR,
      asker: ASKED,
      asked: after(['second', 'request']),
      contacts: CONTACTS,
      blocker: BLOCKED,
      blocked: after(['second', 'block']),
    };
    for (const [start, outcome] of Object.entries(outcomes)) {
      const step = advanceRelation(starts[start as keyof typeof starts], 'first', action);
      expect([start, step.ok ? relationSeenBy(step.pair, 'first') : step.refusal]).toEqual([start, outcome]);
    }
  });

  it('makes contacts of two users who ask each other, in either order', () => {
    for (const side of SIDES) {
      expect(after([side, 'request'], [oppositeSide(side), 'request'])).toEqual(CONTACTS);
    }
  });
});

describe('any sequence of steps', () => {
  const pairs = everyPair();

  it('leads to few states; with a block the only request left is one of the blocked user', () => {
    expect(pairs).toHaveLength(4 + 3 + 2);
    for (const { status, blockedBy } of pairs) {
      const free = SIDES.filter((side) => !blockedBy.includes(side));
      if (blockedBy.length > 0) expect(['none', ...free.map((side) => `asked_by_${side}`)]).toContain(status);
      expect(new Set(blockedBy).size).toBe(blockedBy.length);
    }
  });

  it('is the same from both sides', () => {
    const swapped: Record<UserPair['status'], UserPair['status']> = {
      none: 'none',
      contacts: 'contacts',
      asked_by_first: 'asked_by_second',
      asked_by_second: 'asked_by_first',
    };
    const mirror = (pair: UserPair): UserPair => ({
      status: swapped[pair.status],
      blockedBy: pair.blockedBy.map(oppositeSide).sort(),
    });
    for (const pair of pairs) {
      for (const action of RELATION_ACTIONS) {
        const [one, other] = [advanceRelation(pair, 'first', action), advanceRelation(mirror(pair), 'second', action)];
        if (one.ok && other.ok) expect(keyOf(other.pair)).toBe(keyOf(mirror(one.pair)));
        else expect(other).toEqual(one);
      }
    }
  });

  it('makes nobody a contact against their will, and lets each of the two end it', () => {
    for (const pair of pairs) {
      for (const side of SIDES) {
        for (const action of RELATION_ACTIONS) {
          const step = advanceRelation(pair, side, action);
          if (!step.ok || step.pair.status !== 'contacts' || pair.status === 'contacts') continue;
          expect([relationSeenBy(pair, oppositeSide(side)), relationSeenBy(pair, side)]).toEqual([
            'requested',
            'asked',
          ]);
        }
        const ended = advanceRelation(pair, side, 'block');
        expect(ended.ok && relationSeenBy(ended.pair, side)).toBe('blocked');
        expect(ended.ok && relationSeenBy(ended.pair, oppositeSide(side))).not.toBe('contact');
      }
    }
  });

  it('lets only the user who set a block remove it', () => {
    for (const pair of pairs) {
      for (const side of SIDES) {
        if (!pair.blockedBy.includes(side)) continue;
        for (const action of RELATION_ACTIONS) {
          const step = advanceRelation(pair, oppositeSide(side), action);
          expect(step.ok ? step.pair.blockedBy : pair.blockedBy).toContain(side);
        }
      }
    }
  });

  it('gives the same result when a step is repeated at once', () => {
    for (const pair of pairs) {
      for (const side of SIDES) {
        for (const action of ['request', 'accept', 'block', 'unblock'] as const) {
          const step = advanceRelation(pair, side, action);
          if (step.ok) expect(advanceRelation(step.pair, side, action)).toEqual(step);
        }
      }
    }
  });

  it('looks to a blocked user as if there was no block', () => {
    // Each step keeps the two cases alike: hence no sequence of steps lets the blocked user find out.
    const unblocked = (pair: UserPair): UserPair => ({
      ...pair,
      blockedBy: pair.blockedBy.filter((by) => by !== 'first'),
    });
    for (const pair of pairs.filter(({ blockedBy }) => blockedBy.includes('first'))) {
      for (const action of RELATION_ACTIONS) {
        const [blocked, free] = [
          advanceRelation(pair, 'second', action),
          advanceRelation(unblocked(pair), 'second', action),
        ];
        if (blocked.ok && free.ok) expect(keyOf(unblocked(blocked.pair))).toBe(keyOf(free.pair));
        else expect(blocked).toEqual(free);
      }
    }
  });

  it('shows a block that is set or removed only as the end of a contact or request', () => {
    for (const pair of pairs) {
      for (const action of ['block', 'unblock'] as const) {
        const step = advanceRelation(pair, 'first', action);
        if (!step.ok) throw new Error(step.refusal);
        const before = relationSeenBy(pair, 'second');
        const gone = action === 'block' && (before === 'contact' || before === 'asked');
        expect([action, pair, relationSeenBy(step.pair, 'second')]).toEqual([action, pair, gone ? 'none' : before]);
      }
    }
  });
});

describe('the direct room of two users', () => {
  it.each<[string, UserPair, PairSide, RelationAction, ReturnType<typeof directRoomStepOf>]>([
    ['opens with the contact', ASKED, 'second', 'accept', 'open'],
    ['closes with its end', CONTACTS, 'first', 'remove', 'close'],
    ['closes with a block', CONTACTS, 'second', 'block', 'close'],
    ['closes when a stranger is blocked', STRANGER_PAIR, 'first', 'block', 'close'],
    ['closes when the blocked one blocks too', BLOCKED, 'second', 'block', 'close'],
    ['stays as it is while one asks', STRANGER_PAIR, 'first', 'request', 'keep'],
    ['stays as it is when a request is declined', ASKED, 'second', 'decline', 'keep'],
    ['stays as it is when a request is withdrawn', ASKED, 'first', 'withdraw', 'keep'],
    ['stays closed after a block', BLOCKED, 'first', 'unblock', 'keep'],
    ['stays as it is between contacts', CONTACTS, 'first', 'request', 'keep'],
  ])('%s', (_, before, side, action, expected) => {
    const step = advanceRelation(before, side, action);
    expect(step.ok && directRoomStepOf(before, step.pair)).toBe(expected);
  });

  it('is never open between two of whom one blocks the other', () => {
    for (const before of everyPair()) {
      for (const side of SIDES) {
        const step = advanceRelation(before, side, 'block');
        if (step.ok && before.blockedBy.length < step.pair.blockedBy.length)
          expect(directRoomStepOf(before, step.pair)).toBe('close');
      }
    }
  });
});

describe('who may open the direct room', () => {
  const [members, contacts] = [
    { writers: 'members', sharesRoom: true },
    { writers: 'contacts', sharesRoom: true },
  ] as const;
  const outside = { writers: 'members', sharesRoom: false } as const;

  it.each<[string, UserPair, [inSharedRoom: boolean, contactsOnly: boolean, noSharedRoom: boolean]]>([
    ['contacts', CONTACTS, [true, true, true]],
    ['strangers', STRANGER_PAIR, [true, false, false]],
    ['one who has asked', ASKED, [true, false, false]],
    ['one who blocks or is blocked', BLOCKED, [false, false, false]],
    ['one who was blocked and then asked', after(['first', 'block'], ['second', 'request']), [false, false, false]],
  ])('%s', (_, pair, expected) => {
    expect([members, contacts, outside].map((other) => canOpenDirectRoom(pair, other))).toEqual(expected);
  });
});
