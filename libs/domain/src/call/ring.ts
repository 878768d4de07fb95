import {
  advance,
  type CallChange,
  type CallState,
  type CallStep,
  andThen,
  type Door,
  type LiveRing,
  refuse,
  ringOf,
  type RingStatus,
  type Seat,
} from './call-state';
import { isRungByModerator, mayEnter } from './door';
import { may, type Role } from '../role';

/** How long a user is rung, in ms. */
export const RING_TIME = 45_000;

/** How much longer a caller waits who was asked to hold on, in ms. */
export const HOLD_TIME = 120_000;

/** How many rings that were replaced are remembered: longer than anybody says one again whose answer was lost. */
const RUNG = 500;

/** What is known when a ring begins. */
export interface RingStart {
  id: string;
  /** Who has a seat: the ring has the name that stands there. */
  caller: { userId: string };
  callee: { userId: string; name: string; role: Role };
  busy: boolean;
  quiet: boolean;
  /** By default open. */
  door?: Door;
}

/**
 * Rings a user. Who is in the call needs no ring, and who was taken out of it could not come, nor could who is kept out by
 * a locked door. A user has one ring per call: while one goes on another changes nothing but that a moderator's lets them
 * in, and the same one again changes nothing once it is over.
 */
export function startRing(state: CallState, start: RingStart): CallStep {
  const { id, caller, callee, busy, quiet, door = 'open' } = start;
  const from = state.seats.find((seat) => seat.userId === caller.userId);
  if (!from) return refuse('not_in_call');
  if (state.seats.some((seat) => seat.userId === callee.userId)) return refuse('callee_in_call');
  if (state.barred.some((barred) => barred.userId === callee.userId)) return refuse('forbidden');
  if (state.rings.some((ring) => ring.id === id && ring.callerId !== caller.userId)) return refuse('id_taken');
  if (hasRung(state, id, callee.userId)) return advance(state, {}, []);
  const replaced = state.rings.find((ring) => ring.calleeId === callee.userId);
  if (replaced && goesOn(replaced)) return supportRing(state, replaced, from);
  const mayCome = may(from.role, 'call:moderate') || mayEnter(state, callee, door);
  if (door === 'locked' && !mayCome) return refuse('room_locked');
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
  const rung = replaced ? [...state.rung, [replaced.id, callee.userId] as const].slice(-RUNG) : state.rung;
  return advance(state, { rings, rung }, [{ type: 'ring', ring: ringOf(ring) }]);
}

/**
 * Rings several users in one step. Who has come into the call meanwhile need not be rung. If they are `everybody`, those
 * whom the locked door keeps out are passed over, unless it keeps out all of them.
 */
export function startRings(state: CallState, starts: readonly RingStart[], everybody: boolean): CallStep {
  let lockedOut = 0;
  const step = starts.reduce<CallStep>(
    (before, start) =>
      andThen(before, (now) => {
        const started = startRing(now, start);
        if (started.ok) return started;
        if (everybody && started.refusal === 'room_locked') lockedOut++;
        else if (started.refusal !== 'callee_in_call') return started;
        return advance(now, {}, []);
      }),
    advance(state, {}, []),
  );
  return lockedOut > 0 && lockedOut === starts.length ? refuse('room_locked') : step;
}

/** @returns whether starting this ring rings nobody: it has rung the callee already, or another one goes on */
export function isRung(state: CallState, id: string, calleeId: string): boolean {
  return hasRung(state, id, calleeId) || state.rings.some((ring) => ring.calleeId === calleeId && goesOn(ring));
}

function hasRung({ rung, rings }: CallState, id: string, calleeId: string): boolean {
  const before = rung.some(([ringId, callee]) => ringId === id && callee === calleeId);
  return before || rings.some((ring) => ring.id === id && ring.calleeId === calleeId);
}

/** Nobody rings a callee who is on their way. Who was taken out of the call before they came is not. */
function goesOn(ring: LiveRing): boolean {
  return isAwaited(ring) && (ring.status === 'ringing' || ring.acceptedBy !== null);
}

/** Who wants to ring a callee for whom a ring goes on lets them in with it, if they may. */
function supportRing(state: CallState, ring: LiveRing, { userId, role }: Seat): CallStep {
  if (!may(role, 'call:moderate') || [ring.callerId, ...ring.alsoBy].includes(userId)) return advance(state, {}, []);
  const supported: LiveRing = { ...ring, alsoBy: [...ring.alsoBy, userId] };
  const next = { ...state, rings: state.rings.map((other) => (other === ring ? supported : other)) };
  return advance(ring.status === 'accepted' ? admit(next, ring.calleeId) : next, {}, []);
}

/** A device of the callee rings, or no longer does. */
export function reachDevice(state: CallState, calleeId: string, sessionId: string, reached: boolean): CallStep {
  const ring = state.rings.find((r) => r.calleeId === calleeId && r.status === 'ringing');
  if (!ring || ring.sessions.includes(sessionId) === reached) return advance(state, {}, []);
  const sessions = reached ? [...ring.sessions, sessionId] : ring.sessions.filter((id) => id !== sessionId);
  return put(state, ring, { sessions, devices: sessions.length });
}

/** The callee answers on one device, which may say so again. Whom a moderator rang is let in from then on. */
export function acceptRing(state: CallState, id: string, calleeId: string, sessionId: string): CallStep {
  const ring = find(state, id, calleeId);
  if (!ring) return refuse('ring_not_found');
  if (ring.status === 'accepted' && ring.acceptedBy === sessionId) return advance(state, {}, []);
  return finish(admit(state, calleeId), ring, 'accepted', sessionId);
}

function admit(state: CallState, calleeId: string): CallState {
  if (!isRungByModerator(state, calleeId)) return state;
  return { ...state, admitted: [...new Set([...state.admitted, calleeId])] };
}

/** The callee does not come. */
export function declineRing(state: CallState, id: string, calleeId: string): CallStep {
  const ring = find(state, id, calleeId);
  if (!ring) return refuse('ring_not_found');
  if (ring.status === 'declined') return advance(state, {}, []);
  return finish(state, ring, 'declined');
}

/** The callee is busy and asks the caller to hold on. */
export function holdRing(state: CallState, id: string, calleeId: string): CallStep {
  const ring = find(state, id, calleeId);
  if (!ring) return refuse('ring_not_found');
  if (ring.status !== 'ringing') return refuse('ring_over');
  return ring.waiting ? advance(state, {}, []) : put(state, ring, { waiting: true });
}

/** The caller gives up: on one callee, or on all that this ring is still for. Once nothing rings it changes nothing. */
export function cancelRing(state: CallState, id: string, callerId: string, calleeId?: string): CallStep {
  const mine = state.rings.filter((ring) => ring.id === id && ring.callerId === callerId);
  if (mine.length === 0) return refuse('ring_not_found');
  return endRings(state, (ring) => mine.includes(ring) && (calleeId === undefined || ring.calleeId === calleeId));
}

/** Nobody has answered in time, or who did has not come. A ring that is over stays as it is. */
export function missRing(state: CallState, id: string, calleeId: string): CallStep {
  const ring = find(state, id, calleeId);
  return ring && isAwaited(ring) ? put(state, ring, ended(ring, 'missed')) : advance(state, {}, []);
}

/** The callee wants to hear nothing of the caller any more, who sees no more than that nobody has answered. */
export function hushRing(state: CallState, callerId: string, calleeId: string): CallStep {
  const ring = state.rings.find((r) => r.callerId === callerId && r.calleeId === calleeId && r.status === 'ringing');
  return ring ? missRing(state, ring.id, calleeId) : advance(state, {}, []);
}

/** @returns whether the callee is still to come: the ring has to end by itself if they do not */
export function isAwaited({ status, came }: LiveRing): boolean {
  return status === 'ringing' || (status === 'accepted' && !came);
}

/** Ends every ring to or from a user who may no longer be in the room. */
export function dropRings(state: CallState, userId: string): CallStep {
  return endRings(state, (ring) => ring.calleeId === userId || ring.callerId === userId);
}

/**
 * Brings the rings in line with the seats: who sits in the call has answered, who has left it rings nobody, and who has
 * accepted has missed it when it ends before they come.
 */
export function settleRings(state: CallState): CallStep {
  const changes: CallChange[] = [];
  const rings = state.rings.map((ring): LiveRing => {
    const settled = settledRing(state, ring);
    if (settled.status !== ring.status) changes.push({ type: 'ring', ring: ringOf(settled) });
    return settled;
  });
  return advance(state, { rings }, changes);
}

function settledRing({ seats }: CallState, ring: LiveRing): LiveRing {
  if (!isAwaited(ring)) return ring;
  const callee = seats.find((seat) => seat.userId === ring.calleeId);
  if (ring.status === 'accepted') {
    if (callee) return { ...ring, came: true };
    return seats.length === 0 ? ended(ring, 'missed') : ring;
  }
  if (callee) return { ...ended(ring, 'accepted', callee.sessionId), came: true };
  return seats.some((seat) => seat.userId === ring.callerId) ? ring : ended(ring, 'cancelled');
}

function find(state: CallState, id: string, calleeId: string): LiveRing | undefined {
  return state.rings.find((ring) => ring.id === id && ring.calleeId === calleeId);
}

function endRings(state: CallState, which: (ring: LiveRing) => boolean): CallStep {
  const changes: CallChange[] = [];
  const rings = state.rings.map((ring) => {
    if (ring.status !== 'ringing' || !which(ring)) return ring;
    const over = ended(ring, 'cancelled');
    changes.push({ type: 'ring', ring: ringOf(over) });
    return over;
  });
  return advance(state, { rings }, changes);
}

function finish(state: CallState, ring: LiveRing, status: RingStatus, acceptedBy?: string): CallStep {
  return ring.status === 'ringing' ? put(state, ring, ended(ring, status, acceptedBy)) : refuse('ring_over');
}

function ended(ring: LiveRing, status: RingStatus, acceptedBy?: string): LiveRing {
  return { ...ring, status, sessions: [], devices: 0, waiting: false, acceptedBy: acceptedBy ?? null };
}

function put(state: CallState, ring: LiveRing, next: Partial<LiveRing>): CallStep {
  const changed = { ...ring, ...next };
  const rings = state.rings.map((r) => (r === ring ? changed : r));
  return advance(state, { rings }, [{ type: 'ring', ring: ringOf(changed) }]);
}
