import { isActionAllowed, type Role } from '../role';
import {
  advanceCall,
  type CallChange,
  type CallState,
  type CallStep,
  chainCallStep,
  type Door,
  type LiveRing,
  refuseCallStep,
  type RingStatus,
  type Seat,
  toClientRing,
} from './call-state';
import { doesDoorAdmit, isRungByModerator } from './door';

/** How long a ring waits for the callee, in ms. */
export const RING_DURATION_MS = 45_000;

/** How much longer a ring waits when the callee has asked the caller to hold on, in ms. */
export const RING_HOLD_MS = 120_000;

/** How many replaced rings are remembered: enough to recognize a start repeated because its answer was lost. */
const MAX_REPLACED_RINGS = 500;

/** The facts with which a ring begins. */
export interface RingStart {
  id: string;
  /** Must have a seat in the call: the ring takes the caller's name from it. */
  caller: { userId: string };
  callee: { userId: string; name: string; role: Role };
  busy: boolean;
  quiet: boolean;
  /** Open by default. */
  door?: Door;
}

/**
 * Rings a user. It is refused for a callee who is in the call, barred from it, or kept out by a locked door. A user has
 * one ring per call: while one goes on, a second start changes nothing, except that a moderator's lets the callee in.
 * A repeated start of the same ring changes nothing either, also after the ring is over.
 */
export function startRing(state: CallState, start: RingStart): CallStep {
  const { id, caller, callee, busy, quiet, door = 'open' } = start;
  const from = state.seats.find((seat) => seat.userId === caller.userId);
  if (!from) return refuseCallStep('not_in_call');
  if (state.seats.some((seat) => seat.userId === callee.userId)) return refuseCallStep('callee_in_call');
  if (state.barred.some((barred) => barred.userId === callee.userId)) return refuseCallStep('forbidden');
  if (state.rings.some((ring) => ring.id === id && ring.callerId !== caller.userId)) return refuseCallStep('id_taken');
  if (hasRungBefore(state, id, callee.userId)) return advanceCall(state, {}, []);
  const replaced = state.rings.find((ring) => ring.calleeId === callee.userId);
  if (replaced && isRingOngoing(replaced)) return supportRing(state, replaced, from);
  const mayCome = isActionAllowed(from.role, 'call:moderate') || doesDoorAdmit(state, callee, door);
  if (door === 'locked' && !mayCome) return refuseCallStep('room_locked');
  const ring: LiveRing = {
    id,
    callerId: caller.userId,
    callerName: from.name,
    calleeId: callee.userId,
    calleeName: callee.name,
    status: quiet ? 'missed' : 'ringing',
    devices: 0,
    busy,
    quiet,
    waiting: false,
    sessions: [],
    acceptedBy: null,
    came: false,
    alsoBy: [],
  };
  const rings = [...state.rings.filter((other) => other !== replaced), ring];
  const rung = replaced
    ? [...state.rung, [replaced.id, callee.userId] as const].slice(-MAX_REPLACED_RINGS)
    : state.rung;
  return advanceCall(state, { rings, rung }, [{ type: 'ring', ring: toClientRing(ring) }]);
}

/**
 * Rings several users in one step. Users who have joined the call meanwhile are skipped. With `everybody`, users kept
 * out by a locked door are skipped too, unless it keeps out all of them.
 */
export function startRings(state: CallState, starts: readonly RingStart[], everybody: boolean): CallStep {
  let lockedOut = 0;
  const step = starts.reduce<CallStep>(
    (before, start) =>
      chainCallStep(before, (now) => {
        const started = startRing(now, start);
        if (started.ok) return started;
        if (everybody && started.refusal === 'room_locked') lockedOut++;
        else if (started.refusal !== 'callee_in_call') return started;
        return advanceCall(now, {}, []);
      }),
    advanceCall(state, {}, []),
  );
  return lockedOut > 0 && lockedOut === starts.length ? refuseCallStep('room_locked') : step;
}

/** @returns whether starting this ring would ring nobody: it has rung the callee already, or another ring goes on */
export function isAlreadyRung(state: CallState, id: string, calleeId: string): boolean {
  return (
    hasRungBefore(state, id, calleeId) || state.rings.some((ring) => ring.calleeId === calleeId && isRingOngoing(ring))
  );
}

function hasRungBefore({ rung, rings }: CallState, id: string, calleeId: string): boolean {
  const before = rung.some(([ringId, callee]) => ringId === id && callee === calleeId);
  return before || rings.some((ring) => ring.id === id && ring.calleeId === calleeId);
}

/** A ring also goes on while a callee who accepted is on the way; it does not once they were removed from the call. */
function isRingOngoing(ring: LiveRing): boolean {
  return isCalleeAwaited(ring) && (ring.status === 'ringing' || ring.acceptedBy !== null);
}

/** Records a moderator who wants to ring a callee for whom a ring goes on: the door then lets the callee in. */
function supportRing(state: CallState, ring: LiveRing, { userId, role }: Seat): CallStep {
  if (!isActionAllowed(role, 'call:moderate') || [ring.callerId, ...ring.alsoBy].includes(userId))
    return advanceCall(state, {}, []);
  const supported: LiveRing = { ...ring, alsoBy: [...ring.alsoBy, userId] };
  const next = { ...state, rings: state.rings.map((other) => (other === ring ? supported : other)) };
  return advanceCall(ring.status === 'accepted' ? admitCallee(next, ring.calleeId) : next, {}, []);
}

/** Records that a device of the callee rings, or no longer rings. */
export function setDeviceRinging(state: CallState, calleeId: string, sessionId: string, reached: boolean): CallStep {
  const ring = state.rings.find((r) => r.calleeId === calleeId && r.status === 'ringing');
  if (!ring || ring.sessions.includes(sessionId) === reached) return advanceCall(state, {}, []);
  const sessions = reached ? [...ring.sessions, sessionId] : ring.sessions.filter((id) => id !== sessionId);
  return replaceRing(state, ring, { sessions, devices: sessions.length });
}

/** The callee accepts on one device, which may repeat it. After a moderator's ring the door lets the callee in. */
export function acceptRing(state: CallState, id: string, calleeId: string, sessionId: string): CallStep {
  const ring = findRing(state, id, calleeId);
  if (!ring) return refuseCallStep('ring_not_found');
  if (ring.status === 'accepted' && ring.acceptedBy === sessionId) return advanceCall(state, {}, []);
  return finishRing(admitCallee(state, calleeId), ring, 'accepted', sessionId);
}

function admitCallee(state: CallState, calleeId: string): CallState {
  if (!isRungByModerator(state, calleeId)) return state;
  return { ...state, admitted: [...new Set([...state.admitted, calleeId])] };
}

/** The callee turns the ring down. */
export function declineRing(state: CallState, id: string, calleeId: string): CallStep {
  const ring = findRing(state, id, calleeId);
  if (!ring) return refuseCallStep('ring_not_found');
  if (ring.status === 'declined') return advanceCall(state, {}, []);
  return finishRing(state, ring, 'declined');
}

/** The callee is busy and asks the caller to hold on. */
export function holdRing(state: CallState, id: string, calleeId: string): CallStep {
  const ring = findRing(state, id, calleeId);
  if (!ring) return refuseCallStep('ring_not_found');
  if (ring.status !== 'ringing') return refuseCallStep('ring_over');
  return ring.waiting ? advanceCall(state, {}, []) : replaceRing(state, ring, { waiting: true });
}

/** The caller cancels the ring of one callee, or of all callees of this id. Rings that are over stay as they are. */
export function cancelRing(state: CallState, id: string, callerId: string, calleeId?: string): CallStep {
  const mine = state.rings.filter((ring) => ring.id === id && ring.callerId === callerId);
  if (mine.length === 0) return refuseCallStep('ring_not_found');
  return cancelRingsWhere(
    state,
    (ring) => mine.includes(ring) && (calleeId === undefined || ring.calleeId === calleeId),
  );
}

/** Marks a ring as missed: not answered in time, or accepted without joining. A ring that is over stays as it is. */
export function markRingMissed(state: CallState, id: string, calleeId: string): CallStep {
  const ring = findRing(state, id, calleeId);
  return ring && isCalleeAwaited(ring)
    ? replaceRing(state, ring, toEndedRing(ring, 'missed'))
    : advanceCall(state, {}, []);
}

/** Ends the ring of a caller whom the callee has blocked. The caller sees only that nobody has answered. */
export function endRingOfBlockedCaller(state: CallState, callerId: string, calleeId: string): CallStep {
  const ring = state.rings.find((r) => r.callerId === callerId && r.calleeId === calleeId && r.status === 'ringing');
  return ring ? markRingMissed(state, ring.id, calleeId) : advanceCall(state, {}, []);
}

/** @returns whether the callee may still come: if they do not, a timeout has to end the ring */
export function isCalleeAwaited({ status, came }: LiveRing): boolean {
  return status === 'ringing' || (status === 'accepted' && !came);
}

/** Cancels every ring to or from a user who may no longer be in the room. */
export function cancelRingsOfUser(state: CallState, userId: string): CallStep {
  return cancelRingsWhere(state, (ring) => ring.calleeId === userId || ring.callerId === userId);
}

/**
 * Brings the rings in line with the seats: a callee with a seat has accepted, a caller without one cancels, and an
 * accepted ring is missed when the call ends before the callee joins.
 */
export function reconcileRings(state: CallState): CallStep {
  const changes: CallChange[] = [];
  const rings = state.rings.map((ring): LiveRing => {
    const reconciled = reconcileRing(state, ring);
    if (reconciled.status !== ring.status) changes.push({ type: 'ring', ring: toClientRing(reconciled) });
    return reconciled;
  });
  return advanceCall(state, { rings }, changes);
}

function reconcileRing({ seats }: CallState, ring: LiveRing): LiveRing {
  if (!isCalleeAwaited(ring)) return ring;
  const callee = seats.find((seat) => seat.userId === ring.calleeId);
  if (ring.status === 'accepted') {
    if (callee) return { ...ring, came: true };
    return seats.length === 0 ? toEndedRing(ring, 'missed') : ring;
  }
  if (callee) return { ...toEndedRing(ring, 'accepted', callee.sessionId), came: true };
  return seats.some((seat) => seat.userId === ring.callerId) ? ring : toEndedRing(ring, 'cancelled');
}

function findRing(state: CallState, id: string, calleeId: string): LiveRing | undefined {
  return state.rings.find((ring) => ring.id === id && ring.calleeId === calleeId);
}

function cancelRingsWhere(state: CallState, matches: (ring: LiveRing) => boolean): CallStep {
  const changes: CallChange[] = [];
  const rings = state.rings.map((ring) => {
    if (ring.status !== 'ringing' || !matches(ring)) return ring;
    const over = toEndedRing(ring, 'cancelled');
    changes.push({ type: 'ring', ring: toClientRing(over) });
    return over;
  });
  return advanceCall(state, { rings }, changes);
}

function finishRing(state: CallState, ring: LiveRing, status: RingStatus, acceptedBy?: string): CallStep {
  return ring.status === 'ringing'
    ? replaceRing(state, ring, toEndedRing(ring, status, acceptedBy))
    : refuseCallStep('ring_over');
}

function toEndedRing(ring: LiveRing, status: RingStatus, acceptedBy?: string): LiveRing {
  return { ...ring, status, sessions: [], devices: 0, waiting: false, acceptedBy: acceptedBy ?? null };
}

function replaceRing(state: CallState, ring: LiveRing, next: Partial<LiveRing>): CallStep {
  const changed = { ...ring, ...next };
  const rings = state.rings.map((r) => (r === ring ? changed : r));
  return advanceCall(state, { rings }, [{ type: 'ring', ring: toClientRing(changed) }]);
}
