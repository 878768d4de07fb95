import type { CallChangedEvent, CallDto } from '@webcall/contracts';
import type { Barred, CallChange, Knock, LeaveReason, Participant, Ring } from '@webcall/domain';

/** Who is in a call as one participant knows it. A value: each step gives a new one. */
export interface Roster {
  readonly callId: string;
  readonly version: number;
  readonly selfId: string;
  /** The own seat; null for who only looks on. */
  readonly self: Participant | null;
  /** In the order of joining, without oneself. */
  readonly others: readonly Participant[];
  /** The newest ring of each callee. */
  readonly rings: readonly Ring[];
  /** Who waits to be let in, in the order of knocking. */
  readonly knocks: readonly Knock[];
  /** Who was taken out of the call. */
  readonly barred: readonly Barred[];
  /** Changes that arrived before their turn. */
  readonly early: readonly CallChangedEvent[];
  /** Why the own seat is gone; undefined as long as it is there. */
  readonly over?: LeaveReason;
}

/** A call by an answer of the server. The answer to a seat names oneself apart from the others. */
export type Standing = Pick<CallDto, 'callId' | 'version' | 'participants' | 'rings' | 'knocks' | 'barred'> & {
  self?: Participant;
};

/** Where the call stands now, by an answer of the server. Early changes that come after it stay. */
export function rosterOf(selfId: string, standing: Standing, early: readonly CallChangedEvent[] = []): Roster {
  const { callId, version, participants, rings, knocks, barred } = standing;
  const self = standing.self ?? participants.find((p) => p.id === selfId) ?? null;
  const others = participants.filter((p) => p.id !== selfId);
  const roster: Roster = { callId, version, selfId, self, others, rings, knocks, barred, early: [] };
  return early.reduce(take, roster);
}

/** A call that begins, before anybody is in it. */
export function emptyRoster(callId: string): Roster {
  return rosterOf('', { callId, version: 0, participants: [], rings: [], knocks: [], barred: [] });
}

/** Takes in a change, whenever it comes and however often. */
export function take(roster: Roster, event: CallChangedEvent): Roster {
  if (event.callId !== roster.callId || event.version <= roster.version) return roster;
  const waiting = [...roster.early.filter((e) => e.version !== event.version), event];
  waiting.sort((a, b) => a.version - b.version);
  let next: Roster = { ...roster, early: waiting };
  for (const first of waiting) {
    if (first.version !== next.version + 1) break;
    next = { ...next, ...apply(next, first.change), version: first.version, early: next.early.slice(1) };
  }
  return next;
}

/** @returns whether a change is missing: ask the server for the whole. */
export function hasMissed(roster: Roster): boolean {
  return roster.early.length > 0;
}

/** @returns those whose hand is up, who raised it first in front */
export function raisedHands(roster: Pick<Roster, 'self' | 'others'>): Participant[] {
  const all = roster.self ? [...roster.others, roster.self] : roster.others;
  return all.filter((p) => p.hand !== null).sort((a, b) => (a.hand ?? 0) - (b.hand ?? 0));
}

function apply({ others, selfId, rings, knocks, over }: Roster, change: CallChange): Partial<Roster> {
  switch (change.type) {
    case 'joined':
    case 'updated': {
      const { participant } = change;
      return participant.id === selfId ? { self: participant } : { others: put(others, participant, 'id') };
    }
    case 'left':
      if (change.participantId === selfId) return { over: change.reason };
      return { others: others.filter((p) => p.id !== change.participantId) };
    case 'ended':
      return { others: [], over: over ?? 'left' };
    case 'ring':
      return { rings: put(rings, change.ring, 'calleeId') };
    case 'knocked':
      return { knocks: put(knocks, change.knock, 'id') };
    case 'unknocked':
      return { knocks: knocks.filter(({ id }) => id !== change.knockId) };
    case 'barred':
      return { barred: change.barred };
  }
}

/** Where it was, or at the end. */
function put<T, K extends keyof T>(all: readonly T[], item: T, key: K): readonly T[] {
  const known = all.some((other) => other[key] === item[key]);
  return known ? all.map((other) => (other[key] === item[key] ? item : other)) : [...all, item];
}
