import type { Role } from '../role';

/** The four kinds of media a participant can send, in the order of the transceivers that carry them. */
export const MEDIA_KINDS = ['microphone', 'camera', 'screen', 'screenSound'] as const;

/** One kind of media that a participant can send. */
export type MediaKind = (typeof MEDIA_KINDS)[number];

/** Which media a participant sends at the moment. A muted or missing microphone is `false`. */
export type MediaState = Record<MediaKind, boolean>;

/** Maximum number of participants of a mesh call: with more, ordinary uplinks are overloaded. */
export const CALL_CAPACITY = 8;

/** Whether a room is a group's or belongs to two people. */
export const ROOM_KINDS = ['group', 'direct'] as const;
export type RoomKind = (typeof ROOM_KINDS)[number];

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
  /** Media that a moderator has turned off; they stay off until a moderator allows them again. */
  held: readonly MediaKind[];
  /** Place in the order of raised hands (the lower was raised first), or null. */
  hand: number | null;
  /** Whether its socket is connected. Without a socket the seat is kept for the lease, and media goes on. */
  connected: boolean;
  /** Raised when the device comes back without its links (a reload): the others drop theirs and wait for its offer. */
  incarnation: number;
}

/** A participant with the fields that only the server knows. */
export interface Seat extends Participant {
  /** The login session of the device: one seat per device and call. */
  sessionId: string;
  /** SHA-256 of the resume key, hex. */
  resumeKeyHash: string;
  /** When the seat was taken: Unix time in ms, the server's clock. */
  takenAt: number;
}

/** State of a ring. All but `ringing` are final, but `accepted` becomes `missed` if the callee never joins the call. */
export type RingStatus = 'ringing' | 'accepted' | 'declined' | 'cancelled' | 'missed';

/** An attempt to bring a user into a call. Only caller and callee see all of it: see `redactRingForRoom`. */
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

/** A ring with the fields that only the server knows. */
export interface LiveRing extends Ring {
  /** Login sessions of the callee's devices that ring. */
  sessions: readonly string[];
  /** The session that accepted it; null again once the callee was removed from the call. */
  acceptedBy: string | null;
  /** Whether the callee has come into the call since. */
  came: boolean;
  /** Moderators who wanted to ring the callee too while this ring went on: the callee may enter because of them. */
  alsoBy: readonly string[];
}

/** A user's device that waits to be let into the call. */
export interface Knock {
  /** One knock per device. */
  id: string;
  userId: string;
  name: string;
}

/** A user who was removed from the call and cannot join it again. */
export interface BarredUser {
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
  /** When the second user joined and the conversation began; null before: the call may ring, but nobody talks. */
  talkingSince: number | null;
  /** In the order of joining. */
  seats: readonly Seat[];
  /** The newest ring of each callee. */
  rings: readonly LiveRing[];
  /** Rings replaced by newer ones of their callees, the newest last: a repeated start of one must not ring again. */
  rung: readonly (readonly [id: string, calleeId: string])[];
  /** In the order of knocking. */
  knocks: readonly Knock[];
  barred: readonly BarredUser[];
  /** Users whom the door lets in: they were in the call, were admitted at the door, or accepted a moderator's ring. */
  admitted: readonly string[];
  /** Seats given up for another one, with their users, the newest last: a command naming such a seat means the user. */
  moved: readonly (readonly [seatId: string, userId: string])[];
  /** Media held by moderators, by user: a hold outlives the seat. */
  holds: Readonly<Record<string, readonly MediaKind[]>>;
}

/** Why a participant is no longer in the call. */
export type LeaveReason = 'left' | 'lost' | 'moved' | 'removed' | 'ended';

/** The change that a new version of the call brought. */
export type CallChange =
  | { type: 'joined'; participant: Participant }
  | { type: 'left'; participantId: string; reason: LeaveReason }
  | { type: 'updated'; participant: Participant }
  | { type: 'ring'; ring: Ring }
  | { type: 'knocked'; knock: Knock }
  | { type: 'unknocked'; knockId: string; outcome: 'admitted' | 'denied' | 'gone' }
  | { type: 'barred'; barred: readonly BarredUser[] }
  | { type: 'ended' };

/** Why a step is refused. */
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

/** @returns the participant without the fields that only the server knows. */
export function toClientParticipant(seat: Seat): Participant {
  const { id, userId, name, role, media, held, hand, connected, incarnation } = seat;
  return { id, userId, name, role, media, held, hand, connected, incarnation };
}

/** @returns the ring without the fields that only the server knows. */
export function toClientRing(ring: LiveRing): Ring {
  const { id, callerId, callerName, calleeId, calleeName, status, devices, busy, quiet, waiting } = ring;
  return { id, callerId, callerName, calleeId, calleeName, status, devices, busy, quiet, waiting };
}

/** @returns the ring as the rest of the room sees it: only caller and callee see how the callee can be reached. */
export function redactRingForRoom(ring: Ring): Ring {
  return { ...ring, devices: 0, busy: false, quiet: false, waiting: false };
}

/** @returns a refused step. */
export function refuseCallStep(refusal: CallRefusal): CallStep {
  return { ok: false, refusal };
}

/** @returns a successful step: `next` is merged into the state; each of the `changes` to announce is one version. */
export function advanceCall(state: CallState, next: Partial<CallState>, changes: readonly CallChange[]): CallStep {
  return { ok: true, state: { ...state, ...next, version: state.version + changes.length }, changes };
}

/** Takes a second step after the first and returns both as one. */
export function chainCallStep(step: CallStep, next: (state: CallState) => CallStep): CallStep {
  if (!step.ok) return step;
  const second = next(step.state);
  return second.ok ? { ...second, changes: [...step.changes, ...second.changes] } : second;
}
