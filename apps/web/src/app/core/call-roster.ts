import type { CallChangedEvent } from '@webcall/contracts';
import type { LeaveReason, Participant } from '@webcall/domain';

/** Who is in a call as one participant knows it. A value: each step gives a new one. */
export interface Roster {
  readonly callId: string;
  readonly version: number;
  readonly selfId: string;
  /** In the order of joining, without oneself. */
  readonly others: readonly Participant[];
  /** Changes that arrived before their turn. */
  readonly early: readonly CallChangedEvent[];
  /** Why the own seat is gone; undefined as long as it is there. */
  readonly over?: LeaveReason;
}

interface Standing {
  callId: string;
  version: number;
  participants: readonly Participant[];
}

/** Where the call stands now, by an answer of the server. Early changes that come after it stay. */
export function rosterOf(selfId: string, standing: Standing, early: readonly CallChangedEvent[] = []): Roster {
  const others = standing.participants.filter((p) => p.id !== selfId);
  const roster = { callId: standing.callId, version: standing.version, selfId, others, early: [] };
  return early.reduce(take, roster as Roster);
}

/** Takes in a change, whenever it comes and however often. */
export function take(roster: Roster, event: CallChangedEvent): Roster {
  if (event.callId !== roster.callId || event.version <= roster.version) return roster;
  const waiting = [...roster.early.filter((e) => e.version !== event.version), event];
  waiting.sort((a, b) => a.version - b.version);
  let next: Roster = { ...roster, early: waiting };
  for (const first of waiting) {
    if (first.version !== next.version + 1) break;
    next = { ...apply(next, first), version: first.version, early: next.early.slice(1) };
  }
  return next;
}

/** @returns whether a change is missing: ask the server for the whole. */
export function hasMissed(roster: Roster): boolean {
  return roster.early.length > 0;
}

function apply(roster: Roster, { change }: CallChangedEvent): Roster {
  const { others, selfId } = roster;
  switch (change.type) {
    case 'joined':
    case 'updated': {
      const { participant } = change;
      if (participant.id === selfId) return roster;
      const known = others.some((p) => p.id === participant.id);
      const next = known ? others.map((p) => (p.id === participant.id ? participant : p)) : [...others, participant];
      return { ...roster, others: next };
    }
    case 'left':
      if (change.participantId === selfId) return { ...roster, over: change.reason };
      return { ...roster, others: others.filter((p) => p.id !== change.participantId) };
    case 'ended':
      return { ...roster, others: [], over: roster.over ?? 'left' };
    case 'ring':
    case 'knocked':
    case 'unknocked':
    case 'barred':
      return roster;
  }
}
