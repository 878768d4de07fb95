import type { Role } from '../role';
import {
  advanceCall,
  type CallChange,
  type CallState,
  type CallStep,
  type Door,
  type Knock,
  refuseCallStep,
} from './call-state';
import { doesDoorAdmit } from './door';
import { type Moderator, runModeratorStep } from './moderator';

/**
 * A device knocks at the door, which may be locked too: whoever it keeps out may ask. Nothing changes if it waits
 * already or may enter without waiting: only the devices in `knocks` have to wait afterwards.
 */
export function knockAtDoor(state: CallState, visitor: Knock, role: Role, door: Door): CallStep {
  if (state.barred.some((b) => b.userId === visitor.userId)) return refuseCallStep('removed_from_call');
  if (doesDoorAdmit(state, { userId: visitor.userId, role }, door)) return advanceCall(state, {}, []);
  if (state.knocks.some(({ id }) => id === visitor.id)) return advanceCall(state, {}, []);
  return advanceCall(state, { knocks: [...state.knocks, visitor] }, [{ type: 'knocked', knock: visitor }]);
}

/** A device stops waiting at the door. Nothing changes if it did not wait. */
export function withdrawKnock(state: CallState, knockId: string): CallStep {
  return resolveKnocks(state, 'gone', ({ id }) => id === knockId);
}

/** Admits or denies a waiting user with all their devices; without `knockId` all waiting users. */
export function answerKnock(state: CallState, actor: Moderator, admit: boolean, knockId?: string): CallStep {
  return runModeratorStep(state, actor, () => {
    const visitor = state.knocks.find(({ id }) => id === knockId);
    if (knockId !== undefined && !visitor) return refuseCallStep('knock_not_found');
    return resolveKnocks(state, admit ? 'admitted' : 'denied', ({ userId }) => !visitor || userId === visitor.userId);
  });
}

/** Applies a new door to those who wait: an open door admits them, a locked one denies them. */
export function applyDoorChange(state: CallState, door: Door): CallStep {
  if (door === 'lobby') return advanceCall(state, {}, []);
  return resolveKnocks(state, door === 'open' ? 'admitted' : 'denied', () => true);
}

/** Ends the matching knocks with one outcome. */
export function resolveKnocks(
  state: CallState,
  outcome: 'admitted' | 'denied' | 'gone',
  matches: (knock: Knock) => boolean,
): CallStep {
  const answered = state.knocks.filter(matches);
  const changes = answered.map(({ id }): CallChange => ({ type: 'unknocked', knockId: id, outcome }));
  const knocks = state.knocks.filter((other) => !answered.includes(other));
  const users = outcome === 'admitted' ? answered.map(({ userId }) => userId) : [];
  return advanceCall(state, { knocks, admitted: [...new Set([...state.admitted, ...users])] }, changes);
}
