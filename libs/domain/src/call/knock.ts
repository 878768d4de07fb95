import { advance, type CallChange, type CallState, type CallStep, type Door, type Knock, refuse } from './call-state';
import { mayEnter } from './door';
import { moderating, type Moderator } from './moderator';
import type { Role } from '../role';

/**
 * A device waits at the door. Nothing changes for one that waits already, nor for one that can come in as it is: only
 * whoever is in `knocks` afterwards has to wait.
 */
export function knock(state: CallState, visitor: Knock, role: Role, door: Door): CallStep {
  if (state.barred.some((b) => b.userId === visitor.userId)) return refuse('removed_from_call');
  if (mayEnter(state, { userId: visitor.userId, role }, door)) return advance(state, {}, []);
  if (door === 'locked') return refuse('room_locked');
  if (state.knocks.some(({ id }) => id === visitor.id)) return advance(state, {}, []);
  return advance(state, { knocks: [...state.knocks, visitor] }, [{ type: 'knocked', knock: visitor }]);
}

/** A device no longer waits at the door; one that did not wait changes nothing. */
export function stopKnocking(state: CallState, knockId: string): CallStep {
  return answer(state, 'gone', ({ id }) => id === knockId);
}

/** Lets in who waits at the door with all their devices, or nobody of them; without a knock it is about everybody. */
export function answerKnock(state: CallState, actor: Moderator, admit: boolean, knockId?: string): CallStep {
  return moderating(state, actor, () => {
    const visitor = state.knocks.find(({ id }) => id === knockId);
    if (knockId !== undefined && !visitor) return refuse('knock_not_found');
    return answer(state, admit ? 'admitted' : 'denied', ({ userId }) => !visitor || userId === visitor.userId);
  });
}

/** The door has changed: an open one lets in who waits, a locked one sends them away. */
export function settleDoor(state: CallState, door: Door): CallStep {
  if (door === 'lobby') return advance(state, {}, []);
  return answer(state, door === 'open' ? 'admitted' : 'denied', () => true);
}

/** Tells some of those who wait how it ends for them. */
export function answer(
  state: CallState,
  outcome: 'admitted' | 'denied' | 'gone',
  whose: (knock: Knock) => boolean,
): CallStep {
  const answered = state.knocks.filter(whose);
  const changes = answered.map(({ id }): CallChange => ({ type: 'unknocked', knockId: id, outcome }));
  const knocks = state.knocks.filter((other) => !answered.includes(other));
  const users = outcome === 'admitted' ? answered.map(({ userId }) => userId) : [];
  return advance(state, { knocks, admitted: [...new Set([...state.admitted, ...users])] }, changes);
}
