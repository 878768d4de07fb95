import { endCall, leaveCall, raiseHand, replaceSeat, without } from './call';
import {
  advance,
  andThen,
  type CallChange,
  type CallState,
  type CallStep,
  type Door,
  type MediaKind,
  refuse,
  type Seat,
} from './call-state';
import { answer, settleDoor } from './knock';
import { moderating, type Moderator } from './moderator';
import { dropRings } from './ring';
import { may, mayModerate, type Role } from '../role';

/**
 * Turns kinds of media off and keeps them off until they are allowed, for one participant's user or for everybody below
 * the moderator. Whoever is muted is not heard at all.
 * @throws never; refuses `forbidden` when the moderator does not stand above the participant
 */
export function holdMedia(
  state: CallState,
  actor: Moderator,
  kinds: readonly MediaKind[],
  participantId?: string,
): CallStep {
  return changeHolds(state, actor, participantId, (held) => withSound([...held, ...kinds]));
}

/** Lets held media be turned on again; it stays off until the participant does so. */
export function allowMedia(
  state: CallState,
  actor: Moderator,
  kinds: readonly MediaKind[],
  participantId?: string,
): CallStep {
  return changeHolds(state, actor, participantId, (held) => {
    const allowed = withSound(kinds);
    return withSound(held.filter((kind) => !allowed.includes(kind)));
  });
}

/** @returns the participants whom a moderator can ask to turn some of the kinds on: those who do not send all of them */
export function whomToAsk(
  { seats }: CallState,
  { role }: Moderator,
  kinds: readonly MediaKind[],
  participantId?: string,
): Seat[] {
  const below = seats.filter((seat) => mayModerate(role, seat.role));
  return below.filter(
    (seat) => (participantId === undefined || seat.id === participantId) && kinds.some((kind) => !seat.media[kind]),
  );
}

/** Takes a user out of the call with all their devices, and does not let them back into it. */
export function removeFromCall(state: CallState, actor: Moderator, participantId: string): CallStep {
  return moderating(state, actor, () => {
    const target = seatOf(state, participantId);
    if (!target) return refuse('participant_not_found');
    if (!mayModerate(actor.role, target.role)) return refuse('forbidden');
    const { userId, name } = target;
    const barred = [...state.barred, { userId, name }];
    return andThen(advance(state, { barred }, [{ type: 'barred', barred }]), (next) => takeOut(next, userId, 'denied'));
  });
}

/** Lets somebody come back who was taken out of the call. */
export function readmit(state: CallState, actor: Moderator, userId: string): CallStep {
  return moderating(state, actor, () => {
    const barred = state.barred.filter((b) => b.userId !== userId);
    if (barred.length === state.barred.length) return refuse('participant_not_found');
    return advance(state, { barred }, [{ type: 'barred', barred }]);
  });
}

/** Takes down the hand of a participant below the moderator. */
export function lowerHand(state: CallState, actor: Moderator, participantId: string): CallStep {
  return moderating(state, actor, () => {
    const target = state.seats.find((seat) => seat.id === participantId);
    if (target && !mayModerate(actor.role, target.role)) return refuse('forbidden');
    return raiseHand(state, participantId, false);
  });
}

/** Ends the call for everybody. */
export function stopCall(state: CallState, actor: Moderator): CallStep {
  return moderating(state, actor, () => endCall(state));
}

/** Takes a user out of the call who is no longer in the room. If they come back to it, they are let in anew. */
export function expel(state: CallState, userId: string): CallStep {
  return takeOut(state, userId, 'gone');
}

/**
 * A member has another role now: their seats show it. Who moderates need not wait at the door, and nothing holds or bars
 * the owner: nobody could undo it.
 */
export function changeRoleInCall(state: CallState, userId: string, role: Role): CallStep {
  const freed = role === 'owner' ? free(state, userId) : advance(state, {}, []);
  const seats = state.seats.filter((seat) => seat.userId === userId);
  const shown = seats.reduce((step, { id }) => andThen(step, (next) => changeSeatRole(next, id, role)), freed);
  if (!may(role, 'call:moderate')) return shown;
  return andThen(shown, (next) => answer(next, 'admitted', (knock) => knock.userId === userId));
}

/**
 * Brings a call in line with its room, some of whose changes were missed.
 * @param roles of the members of the room; who is missing is in it no more
 */
export function alignCall(state: CallState, roles: ReadonlyMap<string, Role>, door: Door): CallStep {
  const users = new Set([...state.seats, ...state.knocks].map(({ userId }) => userId));
  const align = (call: CallState, userId: string): CallStep => {
    const role = roles.get(userId);
    return role ? changeRoleInCall(call, userId, role) : expel(call, userId);
  };
  return [...users].reduce<CallStep>(
    (step, userId) => andThen(step, (next) => align(next, userId)),
    settleDoor(state, door),
  );
}

function changeSeatRole(state: CallState, seatId: string, role: Role): CallStep {
  const seat = state.seats.find(({ id }) => id === seatId);
  return seat && seat.role !== role ? replaceSeat(state, { ...seat, role }) : advance(state, {}, []);
}

function free(state: CallState, userId: string): CallStep {
  const { [userId]: _, ...holds } = state.holds;
  const barred = state.barred.filter((b) => b.userId !== userId);
  const changes: CallChange[] = barred.length < state.barred.length ? [{ type: 'barred', barred }] : [];
  const held = state.seats.filter((seat) => seat.userId === userId);
  return held.reduce(
    (step, seat) => andThen(step, (next) => hold(next, seat, [])),
    advance(state, { holds, barred }, changes),
  );
}

function changeHolds(
  state: CallState,
  actor: Moderator,
  participantId: string | undefined,
  change: (held: readonly MediaKind[]) => MediaKind[],
): CallStep {
  return moderating(state, actor, () => {
    const target = participantId === undefined ? undefined : seatOf(state, participantId);
    if (participantId !== undefined && !target) return refuse('participant_not_found');
    if (target && !mayModerate(actor.role, target.role)) return refuse('forbidden');
    const concerned = state.seats.filter((seat) =>
      target ? seat.userId === target.userId : mayModerate(actor.role, seat.role),
    );
    const holds = Object.fromEntries(concerned.map(({ userId }) => [userId, change(state.holds[userId] ?? [])]));
    const start = advance(state, { holds: { ...state.holds, ...holds } }, []);
    return concerned.reduce((step, seat) => andThen(step, (next) => hold(next, seat, holds[seat.userId] ?? [])), start);
  });
}

function hold(state: CallState, seat: Seat, held: readonly MediaKind[]): CallStep {
  if (sameKinds(held, seat.held)) return advance(state, {}, []);
  return replaceSeat(state, { ...seat, held, media: without(seat.media, held) });
}

/** The seat that is meant, also when its user has moved to another one: nobody gets away by changing seats. */
function seatOf(state: CallState, seatId: string): Seat | undefined {
  const [, userId] = state.moved.find(([id]) => id === seatId) ?? [];
  return state.seats.find((seat) => seat.id === seatId) ?? state.seats.find((seat) => seat.userId === userId);
}

/** The seats come last: the last one to leave ends the call, and nothing happens in it after that. */
function takeOut(state: CallState, userId: string, outcome: 'denied' | 'gone'): CallStep {
  const forgotten = advance(state, { admitted: state.admitted.filter((id) => id !== userId) }, []);
  const unknocked = andThen(forgotten, (next) => answer(next, outcome, (knock) => knock.userId === userId));
  const seats = state.seats.filter((seat) => seat.userId === userId);
  return seats.reduce(
    (step, seat) => andThen(step, (next) => leaveCall(next, seat.id, 'removed')),
    andThen(unknocked, (next) => andThen(dropRings(next, userId), (state) => forgetRings(state, userId))),
  );
}

/** An answered ring has let its callee in once, which it does not do again. */
function forgetRings(state: CallState, userId: string): CallStep {
  const rings = state.rings.map((ring) => (ring.calleeId === userId ? { ...ring, acceptedBy: null } : ring));
  return advance(state, { rings }, []);
}

function sameKinds(a: readonly MediaKind[], b: readonly MediaKind[]): boolean {
  return a.length === b.length && a.every((kind) => b.includes(kind));
}

/** The sound of a screen goes with the screen, and with the voice: else a muted person would speak through it. */
function withSound(kinds: readonly MediaKind[]): MediaKind[] {
  const sound: MediaKind[] = kinds.includes('microphone') || kinds.includes('screen') ? ['screenSound'] : [];
  return [...new Set([...kinds, ...sound])];
}
