import {
  otherSide,
  type Pair,
  relate,
  type Relation,
  RELATION_ACTIONS,
  type RelationAction,
  relationOf,
  type RelationRefusal,
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
        blocked: 'user_not_found',
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

  it('leads to few states, none of them with a block and something else', () => {
    expect(pairs).toHaveLength(4 + 3);
    for (const { status, blockedBy } of pairs) {
      expect(blockedBy.length === 0 || status === 'none').toBe(true);
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
        expect(ended.ok && ended.pair.status).toBe('none');
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

  it('shows who is blocked no more than that there is no such user', () => {
    const told = new Set<RelationRefusal | Relation>();
    for (const action of RELATION_ACTIONS) {
      const step = relate(BLOCKED, 'second', action);
      told.add(step.ok ? relationOf(step.pair, 'second') : step.refusal);
    }
    expect([...told].sort()).toEqual(['blocked', 'contact_not_found', 'none', 'request_not_found', 'user_not_found']);
    // The same as a stranger gets who asks for somebody who does not exist; nothing else tells the two apart.
    for (const action of RELATION_ACTIONS) {
      if (action === 'request') continue;
      const [blocked, stranger] = [relate(BLOCKED, 'second', action), relate(STRANGERS, 'second', action)];
      if (!blocked.ok || !stranger.ok) expect(blocked).toEqual(stranger);
      else expect(relationOf(blocked.pair, 'second')).toBe(relationOf(stranger.pair, 'second'));
    }
  });
});
