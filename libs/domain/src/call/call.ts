import {
  advance,
  CALL_CAPACITY,
  type CallChange,
  type CallState,
  type CallStep,
  type Door,
  type LeaveReason,
  MEDIA_KINDS,
  type MediaKind,
  type MediaState,
  participantOf,
  refuse,
  type RoomKind,
  type Seat,
  andThen,
} from './call-state';
import { mayEnter } from './door';
import { settleRings } from './ring';

/** How many seats that were given up are remembered. */
const MOVED = 100;

/** How a device comes into a call. */
export interface Entrance {
  /** It takes over from the tab that sits there. */
  takeOver?: boolean;
  /** By default open. */
  door?: Door;
}

/** A new call without anybody in it, version 0. */
export function startCall(id: string, room: { id: string; kind: RoomKind }, startedAt: number): CallState {
  const nobody = { seats: [], rings: [], rung: [], knocks: [], barred: [], admitted: [], moved: [], holds: {} };
  return { id, roomId: room.id, kind: room.kind, version: 0, startedAt, talkingSince: null, ...nobody };
}

/**
 * Seats one more device. A device has one seat: if it has one already it is refused, unless it takes over from the tab
 * that sits there or that tab's socket is gone; then the old seat leaves with the reason `moved`. The door stops who has
 * not been in this call before, unless they moderate or a moderator rings them. A ring for the user is answered by it.
 */
export function joinCall(state: CallState, seat: Seat, { takeOver = false, door = 'open' }: Entrance = {}): CallStep {
  const { userId } = seat;
  const old = state.seats.find((s) => s.sessionId === seat.sessionId);
  if (old?.connected && !takeOver) return refuse('already_in_call');
  if (state.barred.some((b) => b.userId === userId)) return refuse('removed_from_call');
  if (!mayEnter(state, seat, door)) return refuse(door === 'locked' ? 'room_locked' : 'knock_first');
  const others = state.seats.filter((s) => s !== old);
  if (others.length >= CALL_CAPACITY) return refuse('call_full');
  const held = state.holds[userId] ?? [];
  const seated: Seat = { ...seat, held, media: without(seat.media, held) };
  const answered = state.knocks.filter((knock) => knock.userId === userId);
  const knocks = state.knocks.filter((knock) => !answered.includes(knock));
  const changes: CallChange[] = old ? [{ type: 'left', participantId: old.id, reason: 'moved' }] : [];
  changes.push(...answered.map(({ id }): CallChange => ({ type: 'unknocked', knockId: id, outcome: 'admitted' })));
  changes.push({ type: 'joined', participant: participantOf(seated) });
  const admitted = [...new Set([...state.admitted, userId])];
  const moved = old ? [...state.moved, [old.id, userId] as const].slice(-MOVED) : state.moved;
  const talkingSince = state.talkingSince ?? (others.some((s) => s.userId !== userId) ? seat.takenAt : null);
  const seats = [...others, seated];
  return andThen(advance(state, { seats, talkingSince, knocks, admitted, moved }, changes), settleRings);
}

/** Takes the same seat again. `fresh`: the device has lost its links, so the others must drop theirs. */
export function resumeSeat(state: CallState, seatId: string, resumeKeyHash: string, fresh: boolean): CallStep {
  const seat = state.seats.find((s) => s.id === seatId);
  if (!seat) return refuse('participant_not_found');
  if (seat.resumeKeyHash !== resumeKeyHash) return refuse('resume_key_wrong');
  return replaceSeat(state, { ...seat, connected: true, incarnation: seat.incarnation + (fresh ? 1 : 0) });
}

/** Notes that the socket of a seat is gone. The seat stays until its lease ends. */
export function disconnectSeat(state: CallState, seatId: string): CallStep {
  const seat = state.seats.find((s) => s.id === seatId);
  if (!seat) return refuse('participant_not_found');
  return replaceSeat(state, { ...seat, connected: false });
}

/** Changes what a participant says that it sends. What a moderator holds cannot be turned on. */
export function updateSeat(state: CallState, seatId: string, media: Partial<MediaState>): CallStep {
  const seat = state.seats.find((s) => s.id === seatId);
  if (!seat) return refuse('participant_not_found');
  if (seat.held.some((kind) => media[kind])) return refuse('media_held');
  return replaceSeat(state, { ...seat, media: { ...seat.media, ...media } });
}

/** Raises a participant's hand, behind those that are up, or takes it down. */
export function raiseHand(state: CallState, seatId: string, raised: boolean): CallStep {
  const seat = state.seats.find((s) => s.id === seatId);
  if (!seat) return refuse('participant_not_found');
  if ((seat.hand !== null) === raised) return advance(state, {}, []);
  return replaceSeat(state, { ...seat, hand: raised ? state.version + 1 : null });
}

/**
 * Frees a seat. The last one to leave ends the call, and so does whoever leaves a direct room for good: nobody stays
 * behind alone, waiting for someone who will not come. Who was lost may come back, and is waited for.
 */
export function leaveCall(state: CallState, seatId: string, reason: LeaveReason): CallStep {
  const seat = state.seats.find((s) => s.id === seatId);
  if (!seat) return refuse('participant_not_found');
  const seats = state.seats.filter((s) => s !== seat);
  const changes: CallChange[] = [{ type: 'left', participantId: seatId, reason }];
  const forGood = reason !== 'lost' && !seats.some((s) => s.userId === seat.userId);
  const left = advance(state, { seats }, changes);
  if (state.kind === 'direct' && forGood && seats.length > 0) return andThen(left, endCall);
  return andThen(andThen(left, settleRings), (next) => (isOver(next) ? closeCall(next) : advance(next, {}, [])));
}

/** Ends the call for everybody. */
export function endCall(state: CallState): CallStep {
  const changes = state.seats.map(({ id }): CallChange => ({ type: 'left', participantId: id, reason: 'ended' }));
  return andThen(andThen(advance(state, { seats: [] }, changes), settleRings), closeCall);
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

/** Puts a changed seat in the place of the old one. */
export function replaceSeat(state: CallState, seat: Seat): CallStep {
  const seats = state.seats.map((s) => (s.id === seat.id ? seat : s));
  return advance(state, { seats }, [{ type: 'updated', participant: participantOf(seat) }]);
}

/** @returns the media with some kinds turned off */
export function without(media: MediaState, kinds: readonly MediaKind[]): MediaState {
  return Object.fromEntries(MEDIA_KINDS.map((kind) => [kind, media[kind] && !kinds.includes(kind)])) as MediaState;
}

function closeCall(state: CallState): CallStep {
  const gone = state.knocks.map(({ id }): CallChange => ({ type: 'unknocked', knockId: id, outcome: 'gone' }));
  return advance(state, { knocks: [] }, [...gone, { type: 'ended' }]);
}
