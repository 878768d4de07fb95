import { leaveCall, replaceSeat, without } from './call';
import {
  advance,
  type Barred,
  type CallChange,
  type CallState,
  type CallStep,
  type Knock,
  type MediaKind,
  refuse,
  type Seat,
  andThen,
} from './call-state';
import { mayModerate, type Role } from './role';

/**
 * Turns kinds of media off and keeps them off until they are allowed, for one participant's user or for everybody below
 * the moderator. The screen's sound goes with the screen.
 * @throws never; refuses `forbidden` when the moderator does not stand above the participant
 */
export function holdMedia(
  state: CallState,
  actor: Role,
  kinds: readonly MediaKind[],
  participantId?: string,
): CallStep {
  return changeHolds(state, actor, participantId, (held) => [...new Set([...held, ...whole(kinds)])]);
}

/** Lets held media be turned on again; it stays off until the participant does so. */
export function allowMedia(
  state: CallState,
  actor: Role,
  kinds: readonly MediaKind[],
  participantId?: string,
): CallStep {
  return changeHolds(state, actor, participantId, (held) => held.filter((kind) => !whole(kinds).includes(kind)));
}

/** Takes a user out of the call with all their devices, and does not let them back into it. */
export function removeFromCall(state: CallState, actor: Role, participantId: string): CallStep {
  const target = state.seats.find((seat) => seat.id === participantId);
  if (!target) return refuse('participant_not_found');
  if (!mayModerate(actor, target.role)) return refuse('forbidden');
  const { userId, name } = target;
  const barred = [...state.barred.filter((b) => b.userId !== userId), { userId, name }];
  const admitted = state.admitted.filter((id) => id !== userId);
  const start = advance(state, { admitted, barred }, [{ type: 'barred', barred }]);
  const seats = state.seats.filter((seat) => seat.userId === userId);
  return seats.reduce((step, seat) => andThen(step, (next) => leaveCall(next, seat.id, 'removed')), start);
}

/** Lets somebody come back who was taken out of the call. */
export function readmit(state: CallState, userId: string): CallStep {
  const barred: Barred[] = state.barred.filter((b) => b.userId !== userId);
  if (barred.length === state.barred.length) return refuse('participant_not_found');
  return advance(state, { barred }, [{ type: 'barred', barred }]);
}

/** A device waits at the door. Knocking again changes nothing. */
export function knock(state: CallState, visitor: Knock): CallStep {
  if (state.barred.some((b) => b.userId === visitor.userId)) return refuse('removed_from_call');
  if (state.knocks.some(({ id }) => id === visitor.id)) return advance(state, {}, []);
  return advance(state, { knocks: [...state.knocks, visitor] }, [{ type: 'knocked', knock: visitor }]);
}

/** A device no longer waits at the door. */
export function stopKnocking(state: CallState, knockId: string): CallStep {
  return answer(state, knockId, 'gone');
}

/** Lets in who waits at the door, or not; without a knock all of them. */
export function answerKnock(state: CallState, admit: boolean, knockId?: string): CallStep {
  if (knockId !== undefined) return answer(state, knockId, admit ? 'admitted' : 'denied');
  return state.knocks.reduce(
    (step, { id }) => andThen(step, (next) => answerKnock(next, admit, id)),
    advance(state, {}, []),
  );
}

/** A member has another role now: their seats show it. */
export function changeRoleInCall(state: CallState, userId: string, role: Role): CallStep {
  const seats = state.seats.filter((seat) => seat.userId === userId && seat.role !== role);
  return seats.reduce(
    (step, seat) => andThen(step, (next) => replaceSeat(next, { ...seat, role })),
    advance(state, {}, []),
  );
}

function changeHolds(
  state: CallState,
  actor: Role,
  participantId: string | undefined,
  change: (held: readonly MediaKind[]) => MediaKind[],
): CallStep {
  const target = state.seats.find((seat) => seat.id === participantId);
  if (participantId !== undefined && !target) return refuse('participant_not_found');
  if (target && !mayModerate(actor, target.role)) return refuse('forbidden');
  const concerned = state.seats.filter((s) => (target ? s.userId === target.userId : mayModerate(actor, s.role)));
  const holds = Object.fromEntries(concerned.map(({ userId }) => [userId, change(state.holds[userId] ?? [])]));
  const start = advance(state, { holds: { ...state.holds, ...holds } }, []);
  return concerned.reduce((step, seat) => andThen(step, (next) => hold(next, seat, holds[seat.userId] ?? [])), start);
}

function hold(state: CallState, seat: Seat, held: readonly MediaKind[]): CallStep {
  const same = held.length === seat.held.length && held.every((kind) => seat.held.includes(kind));
  return same ? advance(state, {}, []) : replaceSeat(state, { ...seat, held, media: without(seat.media, held) });
}

function whole(kinds: readonly MediaKind[]): readonly MediaKind[] {
  return kinds.includes('screen') ? [...kinds, 'screenSound'] : kinds;
}

function answer(state: CallState, knockId: string, outcome: 'admitted' | 'denied' | 'gone'): CallStep {
  const visitor = state.knocks.find(({ id }) => id === knockId);
  if (!visitor) return refuse('knock_not_found');
  const knocks = state.knocks.filter((other) => other !== visitor);
  const admitted = outcome === 'admitted' ? [...new Set([...state.admitted, visitor.userId])] : state.admitted;
  const change: CallChange = { type: 'unknocked', knockId, outcome };
  return advance(state, { knocks, admitted }, [change]);
}
