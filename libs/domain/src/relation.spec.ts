import {
  otherSide,
  type Pair,
  relate,
  type Relation,
  RELATION_ACTIONS,
  type RelationAction,
  relationOf,
  type Side,
  STRANGERS,
} from './relation';

const SIDES: readonly Side[] = ['first', 'second'];

/** Takes steps one after the other; each has to be a legal one. */
function after(...steps: [Side, RelationAction][]): Pair {
  return steps.reduce((pair, [side, action]) => {
    const step = relate(pair, side, action);
    if (!step.ok) throw new Error(`${side} ${action}: ${step.refusal}`);
    return step.pair;
  }, STRANGERS);
}

const keyOf = ({ status, blockedBy }: Pair): string => `${status} ${[...blockedBy].sort().join(' ')}`;

/** Every state that steps of both can lead to, in whatever order: there are few enough to look at all of them. */
function everyPair(): Pair[] {
  const known = new Map([[keyOf(STRANGERS), STRANGERS]]);
  const open = [STRANGERS];
  for (let pair = open.pop(); pair; pair = open.pop()) {
    for (const side of SIDES) {
      for (const action of RELATION_ACTIONS) {
        const step = relate(pair, side, action);
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

describe('what one sees', () => {
  it.each<[string, Pair, Relation, Relation]>([
    ['strangers', STRANGERS, 'none', 'none'],
    ['a request', ASKED, 'requested', 'asked'],
    ['contacts', CONTACTS, 'contact', 'contact'],
    ['a block', BLOCKED, 'blocked', 'none'],
    ['two blocks', after(['first', 'block'], ['second', 'block']), 'blocked', 'blocked'],
    ['a request of who is blocked', after(['first', 'block'], ['second', 'request']), 'blocked', 'requested'],
    ['a request that a block answers', after(['first', 'request'], ['second', 'block']), 'requested', 'blocked'],
    ['a request of who blocks', after(['first', 'request'], ['first', 'block']), 'blocked', 'none'],
    [
      'contacts one of whom blocks',
      after(['first', 'request'], ['second', 'request'], ['second', 'block']),
      'none',
      'blocked',
    ],
  ])('of %s', (_, pair, first, second) => {
    expect([relationOf(pair, 'first'), relationOf(pair, 'second')]).toEqual([first, second]);
  });
});

describe('a step', () => {
  /** What the first sees after it, or why it is refused. */
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
      strangers: STRANGERS,
      asker: ASKED,
      asked: after(['second', 'request']),
      contacts: CONTACTS,
      blocker: BLOCKED,
      blocked: after(['second', 'block']),
    };
    for (const [start, outcome] of Object.entries(outcomes)) {
      const step = relate(starts[start as keyof typeof starts], 'first', action);
      expect([start, step.ok ? relationOf(step.pair, 'first') : step.refusal]).toEqual([start, outcome]);
    }
  });

  it('makes contacts of two who ask each other, whoever is first', () => {
    for (const side of SIDES) {
      expect(after([side, 'request'], [otherSide(side), 'request'])).toEqual(CONTACTS);
    }
  });
});

describe('whatever two people do', () => {
  const pairs = everyPair();

  it('leads to few states, none of them with a block and something else, but for a request of who is blocked', () => {
    expect(pairs).toHaveLength(4 + 3 + 2);
    for (const { status, blockedBy } of pairs) {
      const free = SIDES.filter((side) => !blockedBy.includes(side));
      if (blockedBy.length > 0) expect(['none', ...free.map((side) => `asked_by_${side}`)]).toContain(status);
      expect(new Set(blockedBy).size).toBe(blockedBy.length);
    }
  });

  it('is the same from both sides', () => {
    const swapped: Record<Pair['status'], Pair['status']> = {
      none: 'none',
      contacts: 'contacts',
      asked_by_first: 'asked_by_second',
      asked_by_second: 'asked_by_first',
    };
    const mirror = (pair: Pair): Pair => ({
      status: swapped[pair.status],
      blockedBy: pair.blockedBy.map(otherSide).sort(),
    });
    for (const pair of pairs) {
      for (const action of RELATION_ACTIONS) {
        const [one, other] = [relate(pair, 'first', action), relate(mirror(pair), 'second', action)];
        if (one.ok && other.ok) expect(keyOf(other.pair)).toBe(keyOf(mirror(one.pair)));
        else expect(other).toEqual(one);
      }
    }
  });

  it('makes nobody a contact who does not want it, and lets each of them end it', () => {
    for (const pair of pairs) {
      for (const side of SIDES) {
        for (const action of RELATION_ACTIONS) {
          const step = relate(pair, side, action);
          if (!step.ok || step.pair.status !== 'contacts' || pair.status === 'contacts') continue;
          expect([relationOf(pair, otherSide(side)), relationOf(pair, side)]).toEqual(['requested', 'asked']);
        }
        const ended = relate(pair, side, 'block');
        expect(ended.ok && relationOf(ended.pair, side)).toBe('blocked');
        expect(ended.ok && relationOf(ended.pair, otherSide(side))).not.toBe('contact');
      }
    }
  });

  it('leaves a block to who has set it', () => {
    for (const pair of pairs) {
      for (const side of SIDES) {
        if (!pair.blockedBy.includes(side)) continue;
        for (const action of RELATION_ACTIONS) {
          const step = relate(pair, otherSide(side), action);
          expect(step.ok ? step.pair.blockedBy : pair.blockedBy).toContain(side);
        }
      }
    }
  });

  it('answers the same when a step is taken again, if it has not been answered by the other', () => {
    for (const pair of pairs) {
      for (const side of SIDES) {
        for (const action of ['request', 'accept', 'block', 'unblock'] as const) {
          const step = relate(pair, side, action);
          if (step.ok) expect(relate(step.pair, side, action)).toEqual(step);
        }
      }
    }
  });

  it('is to who is blocked as if there was no block', () => {
    // What does not show apart goes on so, whatever steps follow: hence no sequence of steps tells the two apart.
    const unblocked = (pair: Pair): Pair => ({ ...pair, blockedBy: pair.blockedBy.filter((by) => by !== 'first') });
    for (const pair of pairs.filter(({ blockedBy }) => blockedBy.includes('first'))) {
      for (const action of RELATION_ACTIONS) {
        const [blocked, free] = [relate(pair, 'second', action), relate(unblocked(pair), 'second', action)];
        if (blocked.ok && free.ok) expect(keyOf(unblocked(blocked.pair))).toBe(keyOf(free.pair));
        else expect(blocked).toEqual(free);
      }
    }
  });

  it('does not show a block that comes or goes, but as the end of a contact', () => {
    for (const pair of pairs) {
      for (const action of ['block', 'unblock'] as const) {
        const step = relate(pair, 'first', action);
        if (!step.ok) throw new Error(step.refusal);
        const before = relationOf(pair, 'second');
        const gone = action === 'block' && (before === 'contact' || before === 'asked');
        expect([action, pair, relationOf(step.pair, 'second')]).toEqual([action, pair, gone ? 'none' : before]);
      }
    }
  });
});
