import { canModerateRole, isActionAllowed, type Role } from '../role';
import { changeRaisedHand, endCall, leaveCall, replaceSeat, withoutMediaKinds } from './call';
import {
  advanceCall,
  type CallChange,
  type CallState,
  type CallStep,
  chainCallStep,
  type Door,
  type MediaKind,
  refuseCallStep,
  type Seat,
} from './call-state';
import { applyDoorChange, resolveKnocks } from './knock';
import { type Moderator, runModeratorStep } from './moderator';
import { cancelRingsOfUser } from './ring';

/**
 * Turns kinds of media off and keeps them off until they are allowed, for one participant's user or for everybody below
 * the moderator. Muting a user includes their screen sound.
 * @throws never; refuses with `forbidden` when the moderator does not outrank the participant
 */
export function holdMedia(
  state: CallState,
  actor: Moderator,
  kinds: readonly MediaKind[],
  participantId?: string,
): CallStep {
  return changeHeldMedia(state, actor, participantId, (held) => withScreenSound([...held, ...kinds]));
}

/** Lets held media be turned on again; it stays off until the participant does so. */
export function allowMedia(
  state: CallState,
  actor: Moderator,
  kinds: readonly MediaKind[],
  participantId?: string,
): CallStep {
  return changeHeldMedia(state, actor, participantId, (held) => {
    const allowed = withScreenSound(kinds);
    return withScreenSound(held.filter((kind) => !allowed.includes(kind)));
  });
}

/** @returns the participants below the moderator who do not send all of the kinds and can be asked to turn them on */
export function selectSeatsToAsk(
  { seats }: CallState,
  { role }: Moderator,
  kinds: readonly MediaKind[],
  participantId?: string,
): Seat[] {
  const below = seats.filter((seat) => canModerateRole(role, seat.role));
  return below.filter(
    (seat) => (participantId === undefined || seat.id === participantId) && kinds.some((kind) => !seat.media[kind]),
  );
}

/** Removes a user from the call with all their devices and bars them from joining it again. */
export function removeFromCall(state: CallState, actor: Moderator, participantId: string): CallStep {
  return runModeratorStep(state, actor, () => {
    const target = findSeatOrSuccessor(state, participantId);
    if (!target) return refuseCallStep('participant_not_found');
    if (!canModerateRole(actor.role, target.role)) return refuseCallStep('forbidden');
    const { userId, name } = target;
    const barred = [...state.barred, { userId, name }];
    return chainCallStep(advanceCall(state, { barred }, [{ type: 'barred', barred }]), (next) =>
      removeUserFromCall(next, userId, 'denied'),
    );
  });
}

/** Lets a user join again who was removed from the call. */
export function readmitBarredUser(state: CallState, actor: Moderator, userId: string): CallStep {
  return runModeratorStep(state, actor, () => {
    const barred = state.barred.filter((b) => b.userId !== userId);
    if (barred.length === state.barred.length) return refuseCallStep('participant_not_found');
    return advanceCall(state, { barred }, [{ type: 'barred', barred }]);
  });
}

/** Lowers the hand of a participant below the moderator. */
export function lowerHandOf(state: CallState, actor: Moderator, participantId: string): CallStep {
  return runModeratorStep(state, actor, () => {
    const target = state.seats.find((seat) => seat.id === participantId);
    if (target && !canModerateRole(actor.role, target.role)) return refuseCallStep('forbidden');
    return changeRaisedHand(state, participantId, false);
  });
}

/** Ends the call for everybody, if `actor` may moderate it. */
export function endCallByModerator(state: CallState, actor: Moderator): CallStep {
  return runModeratorStep(state, actor, () => endCall(state));
}

/** Removes a user from the call who is no longer in the room. If they return to the room, the door decides anew. */
export function expelFromCall(state: CallState, userId: string): CallStep {
  return removeUserFromCall(state, userId, 'gone');
}

/**
 * Shows a member's new role at their seats. A new moderator no longer waits at the door, and a new owner is freed of
 * holds and bars, because nobody could undo them.
 */
export function changeRoleInCall(state: CallState, userId: string, role: Role): CallStep {
  const freed = role === 'owner' ? clearRestrictionsOf(state, userId) : advanceCall(state, {}, []);
  const seats = state.seats.filter((seat) => seat.userId === userId);
  const changed = seats.reduce((step, { id }) => chainCallStep(step, (next) => changeSeatRole(next, id, role)), freed);
  if (!isActionAllowed(role, 'call:moderate')) return changed;
  return chainCallStep(changed, (next) => resolveKnocks(next, 'admitted', (knock) => knock.userId === userId));
}

/**
 * Brings a call in line with its room after changes of the room may have been missed. A locked door denies nobody here:
 * those who wait may have knocked at it since, and only the change of the door answers them (`applyDoorChange`).
 * @param roles of all members of the room by user; users without one have left it
 */
export function alignCallWithRoom(state: CallState, roles: ReadonlyMap<string, Role>, door: Door): CallStep {
  const users = new Set([...state.seats, ...state.knocks].map(({ userId }) => userId));
  const align = (call: CallState, userId: string): CallStep => {
    const role = roles.get(userId);
    return role ? changeRoleInCall(call, userId, role) : expelFromCall(call, userId);
  };
  return [...users].reduce<CallStep>(
    (step, userId) => chainCallStep(step, (next) => align(next, userId)),
    door === 'open' ? applyDoorChange(state, door) : advanceCall(state, {}, []),
  );
}

function changeSeatRole(state: CallState, seatId: string, role: Role): CallStep {
  const seat = state.seats.find(({ id }) => id === seatId);
  return seat && seat.role !== role ? replaceSeat(state, { ...seat, role }) : advanceCall(state, {}, []);
}

function clearRestrictionsOf(state: CallState, userId: string): CallStep {
  const { [userId]: _, ...holds } = state.holds;
  const barred = state.barred.filter((b) => b.userId !== userId);
  const changes: CallChange[] = barred.length < state.barred.length ? [{ type: 'barred', barred }] : [];
  const held = state.seats.filter((seat) => seat.userId === userId);
  return held.reduce(
    (step, seat) => chainCallStep(step, (next) => setSeatHolds(next, seat, [])),
    advanceCall(state, { holds, barred }, changes),
  );
}

function changeHeldMedia(
  state: CallState,
  actor: Moderator,
  participantId: string | undefined,
  change: (held: readonly MediaKind[]) => MediaKind[],
): CallStep {
  return runModeratorStep(state, actor, () => {
    const target = participantId === undefined ? undefined : findSeatOrSuccessor(state, participantId);
    if (participantId !== undefined && !target) return refuseCallStep('participant_not_found');
    if (target && !canModerateRole(actor.role, target.role)) return refuseCallStep('forbidden');
    const concerned = state.seats.filter((seat) =>
      target ? seat.userId === target.userId : canModerateRole(actor.role, seat.role),
    );
    const holds = Object.fromEntries(concerned.map(({ userId }) => [userId, change(state.holds[userId] ?? [])]));
    const start = advanceCall(state, { holds: { ...state.holds, ...holds } }, []);
    return concerned.reduce(
      (step, seat) => chainCallStep(step, (next) => setSeatHolds(next, seat, holds[seat.userId] ?? [])),
      start,
    );
  });
}

function setSeatHolds(state: CallState, seat: Seat, held: readonly MediaKind[]): CallStep {
  if (haveSameMediaKinds(held, seat.held)) return advanceCall(state, {}, []);
  return replaceSeat(state, { ...seat, held, media: withoutMediaKinds(seat.media, held) });
}

/** Finds the seat, or the present seat of the user who gave it up: changing seats protects nobody from moderation. */
function findSeatOrSuccessor(state: CallState, seatId: string): Seat | undefined {
  const [, userId] = state.moved.find(([id]) => id === seatId) ?? [];
  return state.seats.find((seat) => seat.id === seatId) ?? state.seats.find((seat) => seat.userId === userId);
}

/** The seats are freed last: that may end the call, after which nothing may change in it. */
function removeUserFromCall(state: CallState, userId: string, outcome: 'denied' | 'gone'): CallStep {
  const forgotten = advanceCall(state, { admitted: state.admitted.filter((id) => id !== userId) }, []);
  const unknocked = chainCallStep(forgotten, (next) =>
    resolveKnocks(next, outcome, (knock) => knock.userId === userId),
  );
  const seats = state.seats.filter((seat) => seat.userId === userId);
  return seats.reduce(
    (step, seat) => chainCallStep(step, (next) => leaveCall(next, seat.id, 'removed')),
    chainCallStep(unknocked, (next) =>
      chainCallStep(cancelRingsOfUser(next, userId), (state) => revokeAcceptedRings(state, userId)),
    ),
  );
}

/** An accepted ring lets its callee in once, and not again after a removal. */
function revokeAcceptedRings(state: CallState, userId: string): CallStep {
  const rings = state.rings.map((ring) => (ring.calleeId === userId ? { ...ring, acceptedBy: null } : ring));
  return advanceCall(state, { rings }, []);
}

function haveSameMediaKinds(a: readonly MediaKind[], b: readonly MediaKind[]): boolean {
  return a.length === b.length && a.every((kind) => b.includes(kind));
}

/** Screen sound is held with the screen and with the microphone: otherwise a muted person could speak through it. */
function withScreenSound(kinds: readonly MediaKind[]): MediaKind[] {
  const sound: MediaKind[] = kinds.includes('microphone') || kinds.includes('screen') ? ['screenSound'] : [];
  return [...new Set([...kinds, ...sound])];
}
