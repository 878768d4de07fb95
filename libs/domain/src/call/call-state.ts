import type { Role } from '../role';

/** The four things a participant can send, in the order of the transceivers that carry them (said, never guessed). */
export const MEDIA_KINDS = ['microphone', 'camera', 'screen', 'screenSound'] as const;

/** One thing that a participant can send. */
export type MediaKind = (typeof MEDIA_KINDS)[number];

/** What a participant sends at the moment. A muted or missing microphone is `false`. */
export type MediaState = Record<MediaKind, boolean>;

/** How many participants a mesh call holds: beyond this the uplinks of ordinary people give in. */
export const CALL_CAPACITY = 8;

/** Whether a room is a group's or belongs to two people. */
export type RoomKind = 'group' | 'direct';

/** Who may come into a room's call: all members, those a moderator lets in, or nobody new (not even as a member). */
export const DOORS = ['open', 'lobby', 'locked'] as const;

/** Who may come into a room's call. */
export type Door = (typeof DOORS)[number];

/** One device in a call, as everyone in the room may see it. */
export interface Participant {
  id: string;
  userId: string;
  name: string;
  role: Role;
  media: MediaState;
  /** What a moderator has turned off; it stays off until a moderator allows it again. */
  held: readonly MediaKind[];
  /** Place in the order of raised hands (the lower was raised first), or null. */
  hand: number | null;
  /** Whether its socket is there. Without it the seat is kept for the lease, and media goes on. */
  connected: boolean;
  /** Raised when the device comes back without its links (a reload): the others drop theirs and wait for its offer. */
  incarnation: number;
}

/** A participant with what only the server knows of it. */
export interface Seat extends Participant {
  /** The login session of the device: one seat per device and call. */
  sessionId: string;
  /** SHA-256 of the resume key, hex. */
  resumeKeyHash: string;
  /** When it was taken: Unix time in ms, the server's clock. */
  takenAt: number;
}

/** Where a ring stands. All but `ringing` are final, except that who has accepted and never comes has missed it. */
export type RingStatus = 'ringing' | 'accepted' | 'declined' | 'cancelled' | 'missed';

/** The attempt to bring a user into a call. All but the two see less of it: see `fromOutside`. */
export interface Ring {
  /** Made by the caller's client; rings of one attempt to reach several users share it. */
  id: string;
  callerId: string;
  callerName: string;
  calleeId: string;
  calleeName: string;
  status: RingStatus;
  /** How many devices of the callee ring. */
  devices: number;
  /** The callee was in another call when the ring began. */
  busy: boolean;
  /** The callee does not want to be disturbed: their devices stay silent and the ring is missed at once. */
  quiet: boolean;
  /** The callee has asked the caller to hold on. */
  waiting: boolean;
}

/** A ring with what only the server knows of it. */
export interface LiveRing extends Ring {
  /** Login sessions of the callee's devices that ring. */
  sessions: readonly string[];
  /** The session that accepted it; null again once the callee was taken out of the call. */
  acceptedBy: string | null;
  /** Whether the callee has come into the call since. */
  came: boolean;
  /** Moderators who wanted to ring the callee while it went on: they let them in too. */
  alsoBy: readonly string[];
}

/** Somebody who waits to be let into the call. */
export interface Knock {
  /** One knock per device. */
  id: string;
  userId: string;
  name: string;
}

/** Somebody who was taken out of the call and cannot come back into it. */
export interface Barred {
  userId: string;
  name: string;
}

/** A call: every change raises `version` by one. */
export interface CallState {
  id: string;
  roomId: string;
  kind: RoomKind;
  version: number;
  /** Unix time in ms, the server's clock. */
  startedAt: number;
  /** Since when it is a conversation: when a second user came. Null before: until then it may ring, but nobody talks. */
  talkingSince: number | null;
  /** In the order of joining. */
  seats: readonly Seat[];
  /** The newest ring of each callee. */
  rings: readonly LiveRing[];
  /** Rings that newer ones of their callees have replaced, the newest last: saying one again must not ring again. */
  rung: readonly (readonly [id: string, calleeId: string])[];
  /** In the order of knocking. */
  knocks: readonly Knock[];
  barred: readonly Barred[];
  /** Users whom the door lets in: they were in the call before, were admitted from the lobby, or answered a moderator. */
  admitted: readonly string[];
  /** Users by the seats that they gave up for others, the newest last: naming one of these still means the user. */
  moved: readonly (readonly [seatId: string, userId: string])[];
  /** What moderators hold, by user: it outlives a seat. */
  holds: Readonly<Record<string, readonly MediaKind[]>>;
}

/** Why a participant is no longer in the call. */
export type LeaveReason = 'left' | 'lost' | 'moved' | 'removed' | 'ended';

/** What a new version of the call brought. */
export type CallChange =
  | { type: 'joined'; participant: Participant }
  | { type: 'left'; participantId: string; reason: LeaveReason }
  | { type: 'updated'; participant: Participant }
  | { type: 'ring'; ring: Ring }
  | { type: 'knocked'; knock: Knock }
  | { type: 'unknocked'; knockId: string; outcome: 'admitted' | 'denied' | 'gone' }
  | { type: 'barred'; barred: readonly Barred[] }
  | { type: 'ended' };

/** Why a step is not a legal one. */
export type CallRefusal =
  | 'call_full'
  | 'already_in_call'
  | 'participant_not_found'
  | 'resume_key_wrong'
  | 'removed_from_call'
  | 'room_locked'
  | 'knock_first'
  | 'knock_not_found'
  | 'media_held'
  | 'forbidden'
  | 'not_in_call'
  | 'callee_in_call'
  | 'ring_not_found'
  | 'id_taken'
  | 'ring_over';

/** The outcome of a step: the next state with its changes in order (one version each), or why it is refused. */
export type CallStep =
  { ok: true; state: CallState; changes: readonly CallChange[] } | { ok: false; refusal: CallRefusal };

/** @returns the participant without what only the server knows. */
export function participantOf(seat: Seat): Participant {
  const { id, userId, name, role, media, held, hand, connected, incarnation } = seat;
  return { id, userId, name, role, media, held, hand, connected, incarnation };
}

/** @returns the ring without what only the server knows. */
export function ringOf(ring: LiveRing): Ring {
  const { id, callerId, callerName, calleeId, calleeName, status, devices, busy, quiet, waiting } = ring;
  return { id, callerId, callerName, calleeId, calleeName, status, devices, busy, quiet, waiting };
}

/** @returns the ring as the rest of the room sees it: how the callee can be reached is told to the two of it alone. */
export function fromOutside(ring: Ring): Ring {
  return { ...ring, devices: 0, busy: false, quiet: false, waiting: false };
}

/** A step that was refused. */
export function refuse(refusal: CallRefusal): CallStep {
  return { ok: false, refusal };
}

/** A step that was taken: what it changes in the state, and the changes to tell, one version each. */
export function advance(state: CallState, next: Partial<CallState>, changes: readonly CallChange[]): CallStep {
  return { ok: true, state: { ...state, ...next, version: state.version + changes.length }, changes };
}

/** Takes a second step after the first, as one. */
export function andThen(step: CallStep, next: (state: CallState) => CallStep): CallStep {
  if (!step.ok) return step;
  const second = next(step.state);
  return second.ok ? { ...second, changes: [...step.changes, ...second.changes] } : second;
}
