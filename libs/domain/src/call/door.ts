import type { CallState, Door, Seat } from './call-state';
import { may } from '../role';

/**
 * @returns whether the door lets this user in: an open one everybody, any other one who moderates, who was let in before,
 * and whom a moderator rings. Whether they were taken out of the call is another question.
 */
export function mayEnter(state: CallState, { userId, role }: Pick<Seat, 'userId' | 'role'>, door: Door): boolean {
  if (door === 'open' || may(role, 'call:moderate') || state.admitted.includes(userId)) return true;
  return isRungByModerator(state, userId);
}

/** @returns whether a moderator who is in the call rings this user, or was answered by them */
export function isRungByModerator({ rings, seats }: CallState, userId: string): boolean {
  const ring = rings.find((r) => r.calleeId === userId && (r.status === 'ringing' || r.acceptedBy !== null));
  const callers = ring ? [ring.callerId, ...ring.alsoBy] : [];
  return seats.some((seat) => callers.includes(seat.userId) && may(seat.role, 'call:moderate'));
}
