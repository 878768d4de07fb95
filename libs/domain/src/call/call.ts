import {
  advanceCall,
  CALL_CAPACITY,
  type CallChange,
  type CallState,
  type CallStep,
  chainCallStep,
  type Door,
  type LeaveReason,
  MEDIA_KINDS,
  type MediaKind,
  type MediaState,
  refuseCallStep,
  type RoomKind,
  type Seat,
  toClientParticipant,
} from './call-state';
import { doesDoorAdmit } from './door';
import { reconcileRings } from './ring';

/** How many given-up seats are remembered. */
const MAX_MOVED_SEATS = 100;

/** How a device joins a call. */
export interface CallJoinOptions {
  /** The device takes over the seat of its other tab. */
  takeOver?: boolean;
  /** Open by default. */
  door?: Door;
}

/** @returns a new call without participants, version 0. */
export function createCall(id: string, room: { id: string; kind: RoomKind }, startedAt: number): CallState {
  const nobody = { seats: [], rings: [], rung: [], knocks: [], barred: [], admitted: [], moved: [], holds: {} };
  return { id, roomId: room.id, kind: room.kind, version: 0, startedAt, talkingSince: null, ...nobody };
}

/**
 * Seats one more device. A device has one seat: if it has one already it is refused, unless it takes over from its
 * other tab or that tab's socket is gone; then the old seat leaves with the reason `moved`. The door stops users who
 * were not in this call before, unless they moderate or a moderator rings them. Joining accepts a ring for the user.
 */
export function joinCall(
  state: CallState,
  seat: Seat,
  { takeOver = false, door = 'open' }: CallJoinOptions = {},
): CallStep {
  const { userId } = seat;
  const old = state.seats.find((s) => s.sessionId === seat.sessionId);
  if (old?.connected && !takeOver) return refuseCallStep('already_in_call');
  if (state.barred.some((b) => b.userId === userId)) return refuseCallStep('removed_from_call');
  if (!doesDoorAdmit(state, seat, door)) return refuseCallStep(door === 'locked' ? 'room_locked' : 'knock_first');
  const others = state.seats.filter((s) => s !== old);
  if (others.length >= CALL_CAPACITY) return refuseCallStep('call_full');
  const held = state.holds[userId] ?? [];
  const seated: Seat = { ...seat, held, media: withoutMediaKinds(seat.media, held) };
  const answered = state.knocks.filter((knock) => knock.userId === userId);
  const knocks = state.knocks.filter((knock) => !answered.includes(knock));
  const changes: CallChange[] = old ? [{ type: 'left', participantId: old.id, reason: 'moved' }] : [];
  changes.push(...answered.map(({ id }): CallChange => ({ type: 'unknocked', knockId: id, outcome: 'admitted' })));
  changes.push({ type: 'joined', participant: toClientParticipant(seated) });
  const admitted = [...new Set([...state.admitted, userId])];
  const moved = old ? [...state.moved, [old.id, userId] as const].slice(-MAX_MOVED_SEATS) : state.moved;
  const talkingSince = state.talkingSince ?? (others.some((s) => s.userId !== userId) ? seat.takenAt : null);
  const seats = [...others, seated];
  return chainCallStep(advanceCall(state, { seats, talkingSince, knocks, admitted, moved }, changes), reconcileRings);
}

/** Returns a device to its seat. `fresh`: the device has lost its links, so the others must drop theirs. */
export function resumeSeat(state: CallState, seatId: string, resumeKeyHash: string, fresh: boolean): CallStep {
  const seat = state.seats.find((s) => s.id === seatId);
  if (!seat) return refuseCallStep('participant_not_found');
  if (seat.resumeKeyHash !== resumeKeyHash) return refuseCallStep('resume_key_wrong');
  return replaceSeat(state, { ...seat, connected: true, incarnation: seat.incarnation + (fresh ? 1 : 0) });
}

/** Marks a seat as without a socket. The seat stays until its lease ends. */
export function markSeatDisconnected(state: CallState, seatId: string): CallStep {
  const seat = state.seats.find((s) => s.id === seatId);
  if (!seat) return refuseCallStep('participant_not_found');
  return replaceSeat(state, { ...seat, connected: false });
}

/** Changes which media a participant sends. Media that a moderator holds cannot be turned on. */
export function updateSeatMedia(state: CallState, seatId: string, media: Partial<MediaState>): CallStep {
  const seat = state.seats.find((s) => s.id === seatId);
  if (!seat) return refuseCallStep('participant_not_found');
  if (seat.held.some((kind) => media[kind])) return refuseCallStep('media_held');
  return replaceSeat(state, { ...seat, media: { ...seat.media, ...media } });
}

/** Raises a participant's hand, behind the hands that are up already, or lowers it. */
export function changeRaisedHand(state: CallState, seatId: string, raised: boolean): CallStep {
  const seat = state.seats.find((s) => s.id === seatId);
  if (!seat) return refuseCallStep('participant_not_found');
  if ((seat.hand !== null) === raised) return advanceCall(state, {}, []);
  return replaceSeat(state, { ...seat, hand: raised ? state.version + 1 : null });
}

/**
 * Frees a seat. The call ends when the last participant leaves it, and in a direct room when one of the two leaves for
 * good: the other would wait in vain. After the reason `lost` the other one stays in it, as the user may come back.
 */
export function leaveCall(state: CallState, seatId: string, reason: LeaveReason): CallStep {
  const seat = state.seats.find((s) => s.id === seatId);
  if (!seat) return refuseCallStep('participant_not_found');
  const seats = state.seats.filter((s) => s !== seat);
  const changes: CallChange[] = [{ type: 'left', participantId: seatId, reason }];
  const forGood = reason !== 'lost' && !seats.some((s) => s.userId === seat.userId);
  const left = advanceCall(state, { seats }, changes);
  if (state.kind === 'direct' && forGood && seats.length > 0) return chainCallStep(left, endCall);
  return chainCallStep(chainCallStep(left, reconcileRings), (next) =>
    isCallOver(next) ? finishEmptyCall(next) : advanceCall(next, {}, []),
  );
}

/** Ends the call: all participants leave it. */
export function endCall(state: CallState): CallStep {
  const changes = state.seats.map(({ id }): CallChange => ({ type: 'left', participantId: id, reason: 'ended' }));
  return chainCallStep(chainCallStep(advanceCall(state, { seats: [] }, changes), reconcileRings), finishEmptyCall);
}

/** @returns whether the call is over because nobody is in it any more. */
export function isCallOver(state: CallState): boolean {
  return state.seats.length === 0 && state.version > 0;
}

/**
 * Exactly one of two participants owns their link and renews it when it breaks: if both did, their restarts would cost
 * a second outage. The other one is polite: it yields when both offer at once.
 */
export function isLinkOwner(selfId: string, otherId: string): boolean {
  return selfId < otherId;
}

/** Replaces a seat by its changed version. */
export function replaceSeat(state: CallState, seat: Seat): CallStep {
  const seats = state.seats.map((s) => (s.id === seat.id ? seat : s));
  return advanceCall(state, { seats }, [{ type: 'updated', participant: toClientParticipant(seat) }]);
}

/** @returns the media with some kinds turned off */
export function withoutMediaKinds(media: MediaState, kinds: readonly MediaKind[]): MediaState {
  return Object.fromEntries(MEDIA_KINDS.map((kind) => [kind, media[kind] && !kinds.includes(kind)])) as MediaState;
}

function finishEmptyCall(state: CallState): CallStep {
  const unknocked = state.knocks.map(({ id }): CallChange => ({ type: 'unknocked', knockId: id, outcome: 'gone' }));
  return advanceCall(state, { knocks: [] }, [...unknocked, { type: 'ended' }]);
}
