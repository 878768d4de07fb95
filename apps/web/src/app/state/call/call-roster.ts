import type { CallChangedEvent, CallDto } from '@webcall/contracts';
import type { BarredUser, CallChange, Knock, LeaveReason, Participant, Ring } from '@webcall/domain';

/** The state of a call as one user knows it. Immutable: each change gives a new roster. */
export interface CallRoster {
  readonly callId: string;
  readonly version: number;
  readonly selfId: string;
  /** The own seat; null for a user who is not in the call. */
  readonly self: Participant | null;
  /** The other participants, in the order of joining. */
  readonly others: readonly Participant[];
  /** The newest ring of each callee. */
  readonly rings: readonly Ring[];
  /** The users who wait to be admitted, in the order of knocking. */
  readonly knocks: readonly Knock[];
  /** The users who were removed from the call. */
  readonly barred: readonly BarredUser[];
  /** Changes that arrived before an earlier one. */
  readonly early: readonly CallChangedEvent[];
  /** Why the own seat was lost; undefined as long as it exists. */
  readonly leaveReason?: LeaveReason;
}

/** A call in an answer of the server. The answer to joining or resuming lists the own seat separately. */
export type CallSnapshot = Pick<CallDto, 'callId' | 'version' | 'participants' | 'rings' | 'knocks' | 'barred'> & {
  self?: Participant;
};

/** Makes a roster from an answer of the server. Early changes that are newer are applied or stay waiting. */
export function rosterFromSnapshot(
  selfId: string,
  snapshot: CallSnapshot,
  early: readonly CallChangedEvent[] = [],
): CallRoster {
  const { callId, version, participants, rings, knocks, barred } = snapshot;
  const self = snapshot.self ?? participants.find((p) => p.id === selfId) ?? null;
  const others = participants.filter((p) => p.id !== selfId);
  const roster: CallRoster = { callId, version, selfId, self, others, rings, knocks, barred, early: [] };
  return early.reduce(applyRosterChange, roster);
}

/** The roster of a call that begins, before anybody is in it. */
export function emptyCallRoster(callId: string): CallRoster {
  return rosterFromSnapshot('', { callId, version: 0, participants: [], rings: [], knocks: [], barred: [] });
}

/** Applies a change, in whichever order and however often it comes. */
export function applyRosterChange(roster: CallRoster, event: CallChangedEvent): CallRoster {
  if (event.callId !== roster.callId || event.version <= roster.version) return roster;
  const waiting = [...roster.early.filter((e) => e.version !== event.version), event];
  waiting.sort((a, b) => a.version - b.version);
  let next: CallRoster = { ...roster, early: waiting };
  for (const first of waiting) {
    if (first.version !== next.version + 1) break;
    next = { ...next, ...rosterPatchOf(next, first.change), version: first.version, early: next.early.slice(1) };
  }
  return next;
}

/** @returns whether a change is missing: then fetch the whole call from the server */
export function hasMissedChanges(roster: CallRoster): boolean {
  return roster.early.length > 0;
}

/** @returns the participants whose hand is up, the first to raise it in front */
export function raisedHands(roster: Pick<CallRoster, 'self' | 'others'>): Participant[] {
  const all = roster.self ? [...roster.others, roster.self] : roster.others;
  return all.filter((p) => p.hand !== null).sort((a, b) => (a.hand ?? 0) - (b.hand ?? 0));
}

function rosterPatchOf(
  { others, selfId, rings, knocks, leaveReason }: CallRoster,
  change: CallChange,
): Partial<CallRoster> {
  switch (change.type) {
    case 'joined':
    case 'updated': {
      const { participant } = change;
      return participant.id === selfId ? { self: participant } : { others: replaceOrAppend(others, participant, 'id') };
    }
    case 'left':
      if (change.participantId === selfId) return { leaveReason: change.reason };
      return { others: others.filter((p) => p.id !== change.participantId) };
    case 'ended':
      return { others: [], leaveReason: leaveReason ?? 'left' };
    case 'ring':
      return { rings: replaceOrAppend(rings, change.ring, 'calleeId') };
    case 'knocked':
      return { knocks: replaceOrAppend(knocks, change.knock, 'id') };
    case 'unknocked':
      return { knocks: knocks.filter(({ id }) => id !== change.knockId) };
    case 'barred':
      return { barred: change.barred };
  }
}

/** Replaces the item where it is, or adds it at the end. */
function replaceOrAppend<T, K extends keyof T>(all: readonly T[], item: T, key: K): readonly T[] {
  const known = all.some((other) => other[key] === item[key]);
  return known ? all.map((other) => (other[key] === item[key] ? item : other)) : [...all, item];
}
