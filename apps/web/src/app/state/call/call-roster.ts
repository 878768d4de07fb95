import type { CallChangedEvent, CallDto } from '@webcall/contracts';
import type { BarredUser, CallChange, Knock, LeaveReason, Participant, Ring } from '@webcall/domain';

/** The state of a call as this client knows it. Immutable: each change gives a new roster. */
export interface CallRoster {
  readonly callId: string;
  /** 0 if nothing is known of the call but that it exists. */
  readonly version: number;
  /** All participants, in the order of joining. */
  readonly participants: readonly Participant[];
  /** The newest ring of each callee. */
  readonly rings: readonly Ring[];
  /** The users who wait to be admitted, in the order of knocking. */
  readonly knocks: readonly Knock[];
  /** The users who were removed from the call. */
  readonly barred: readonly BarredUser[];
  /** Why participants have left, as far as this client has seen it. */
  readonly departures: ReadonlyMap<string, LeaveReason>;
  readonly ended: boolean;
  /** Changes that arrived before an earlier one. */
  readonly early: readonly CallChangedEvent[];
}

/** A whole call in an answer of the server. */
export type CallSnapshot = Pick<CallDto, 'callId' | 'version' | 'participants' | 'rings' | 'knocks' | 'barred'>;

/** Makes a roster from an answer of the server. Early changes that are newer are applied or stay waiting. */
export function rosterFromSnapshot(snapshot: CallSnapshot, early: readonly CallChangedEvent[] = []): CallRoster {
  const { callId, version, participants, rings, knocks, barred } = snapshot;
  const state = { departures: new Map<string, LeaveReason>(), ended: false, early: [] };
  const roster: CallRoster = { callId, version, participants, rings, knocks, barred, ...state };
  return early.reduce(applyRosterChange, roster);
}

/** The roster of a call that begins, before anybody is in it. */
export function emptyCallRoster(callId: string): CallRoster {
  return rosterFromSnapshot({ callId, version: 0, participants: [], rings: [], knocks: [], barred: [] });
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

/** @returns why a participant is not in the call any more; `lost` if nobody said so */
export function leaveReasonOf(
  { departures, ended, participants }: CallRoster,
  participantId: string,
): LeaveReason | undefined {
  const reason = departures.get(participantId) ?? (ended ? 'left' : undefined);
  return reason ?? (participants.some(({ id }) => id === participantId) ? undefined : 'lost');
}

/** @returns the participants whose hand is up, the first to raise it in front */
export function raisedHands(participants: readonly Participant[]): Participant[] {
  return participants.filter((p) => p.hand !== null).sort((a, b) => (a.hand ?? 0) - (b.hand ?? 0));
}

function rosterPatchOf(
  { participants, departures, rings, knocks }: CallRoster,
  change: CallChange,
): Partial<CallRoster> {
  switch (change.type) {
    case 'joined':
    case 'updated':
      return { participants: replaceOrAppend(participants, change.participant, 'id') };
    case 'left':
      return {
        participants: participants.filter((p) => p.id !== change.participantId),
        departures: new Map(departures).set(change.participantId, change.reason),
      };
    case 'ended':
      return { participants: [], ended: true };
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
