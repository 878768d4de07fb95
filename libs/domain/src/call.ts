import type { Role } from './role';

/** The four things a participant can send, in the order of the transceivers that carry them (`media.md`: never guessed). */
export const MEDIA_KINDS = ['microphone', 'camera', 'screen', 'screenSound'] as const;

/** One thing that a participant can send. */
export type MediaKind = (typeof MEDIA_KINDS)[number];

/** What a participant sends at the moment. A muted or missing microphone is `false`. */
export type MediaState = Record<MediaKind, boolean>;

/** How many participants a mesh call holds: beyond this the uplinks of ordinary people give in. */
export const CALL_CAPACITY = 8;

/** One device in a call, as everyone in the room may see it. */
export interface Participant {
  id: string;
  userId: string;
  name: string;
  role: Role;
  media: MediaState;
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
}

/** A call: every change raises `version` by one. */
export interface CallState {
  id: string;
  roomId: string;
  version: number;
  /** Unix time in ms, the server's clock. */
  startedAt: number;
  /** In the order of joining. */
  seats: readonly Seat[];
}

/** Why a participant is no longer in the call. */
export type LeaveReason = 'left' | 'lost' | 'moved' | 'removed';

/** What a new version of the call brought. */
export type CallChange =
  | { type: 'joined'; participant: Participant }
  | { type: 'left'; participantId: string; reason: LeaveReason }
  | { type: 'updated'; participant: Participant }
  | { type: 'ended' };

/** Why a step is not a legal one. */
export type CallRefusal = 'call_full' | 'already_in_call' | 'participant_not_found' | 'resume_key_wrong';

/** The outcome of a step: the next state with its changes in order (one version each), or why it is refused. */
export type CallStep =
  { ok: true; state: CallState; changes: readonly CallChange[] } | { ok: false; refusal: CallRefusal };

/** @returns the participant without what only the server knows. */
export function participantOf(seat: Seat): Participant {
  const { id, userId, name, role, media, connected, incarnation } = seat;
  return { id, userId, name, role, media, connected, incarnation };
}

/** A new call without anybody in it, version 0. */
export function startCall(id: string, roomId: string, startedAt: number): CallState {
  return { id, roomId, version: 0, startedAt, seats: [] };
}

/**
 * Seats one more device. A device has one seat: if it has one already it is refused, unless it takes over from the tab
 * that sits there or that tab's socket is gone; then the old seat leaves with the reason `moved`.
 */
export function joinCall(state: CallState, seat: Seat, takeOver = false): CallStep {
  const old = state.seats.find((s) => s.sessionId === seat.sessionId);
  if (old?.connected && !takeOver) return { ok: false, refusal: 'already_in_call' };
  const others = state.seats.filter((s) => s !== old);
  if (others.length >= CALL_CAPACITY) return { ok: false, refusal: 'call_full' };
  const changes: CallChange[] = old ? [{ type: 'left', participantId: old.id, reason: 'moved' }] : [];
  return advance(state, [...others, seat], [...changes, { type: 'joined', participant: participantOf(seat) }]);
}

/** Takes the same seat again. `fresh`: the device has lost its links, so the others must drop theirs. */
export function resumeSeat(state: CallState, seatId: string, resumeKeyHash: string, fresh: boolean): CallStep {
  const seat = state.seats.find((s) => s.id === seatId);
  if (!seat) return { ok: false, refusal: 'participant_not_found' };
  if (seat.resumeKeyHash !== resumeKeyHash) return { ok: false, refusal: 'resume_key_wrong' };
  return replace(state, { ...seat, connected: true, incarnation: seat.incarnation + (fresh ? 1 : 0) });
}

/** Notes that the socket of a seat is gone. The seat stays until its lease ends. */
export function disconnectSeat(state: CallState, seatId: string): CallStep {
  const seat = state.seats.find((s) => s.id === seatId);
  if (!seat) return { ok: false, refusal: 'participant_not_found' };
  return replace(state, { ...seat, connected: false });
}

/** Changes what a participant says that it sends. */
export function updateSeat(state: CallState, seatId: string, media: Partial<MediaState>): CallStep {
  const seat = state.seats.find((s) => s.id === seatId);
  if (!seat) return { ok: false, refusal: 'participant_not_found' };
  return replace(state, { ...seat, media: { ...seat.media, ...media } });
}

/** Frees a seat. The last one to leave ends the call. */
export function leaveCall(state: CallState, seatId: string, reason: LeaveReason): CallStep {
  const seats = state.seats.filter((s) => s.id !== seatId);
  if (seats.length === state.seats.length) return { ok: false, refusal: 'participant_not_found' };
  const changes: CallChange[] = [{ type: 'left', participantId: seatId, reason }];
  if (seats.length === 0) changes.push({ type: 'ended' });
  return advance(state, seats, changes);
}

/** @returns whether nobody is in the call any more, so that it is over. */
export function isOver(state: CallState): boolean {
  return state.seats.length === 0 && state.version > 0;
}

/**
 * Who renews a broken link of two participants: exactly one of them, or both restart in turn and cost a second outage.
 * The other one is polite: it yields when both offer at once.
 */
export function ownsLink(selfId: string, otherId: string): boolean {
  return selfId < otherId;
}

function replace(state: CallState, seat: Seat): CallStep {
  const seats = state.seats.map((s) => (s.id === seat.id ? seat : s));
  return advance(state, seats, [{ type: 'updated', participant: participantOf(seat) }]);
}

function advance(state: CallState, seats: readonly Seat[], changes: readonly CallChange[]): CallStep {
  return { ok: true, state: { ...state, seats, version: state.version + changes.length }, changes };
}
