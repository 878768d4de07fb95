import { isActionAllowed } from '../role';
import type { CallState, Door, Seat } from './call-state';

/**
 * @returns whether the door lets this user in. An open door lets everybody in; any other door lets in moderators, users
 * who were let in before, and users whom a moderator rings. It does not check whether the user is barred from the call.
 */
export function doesDoorAdmit(state: CallState, { userId, role }: Pick<Seat, 'userId' | 'role'>, door: Door): boolean {
  if (door === 'open' || isActionAllowed(role, 'call:moderate') || state.admitted.includes(userId)) return true;
  return isRungByModerator(state, userId);
}

/** @returns whether a moderator who is in the call rings this user, or the user has accepted such a ring */
export function isRungByModerator({ rings, seats }: CallState, userId: string): boolean {
  const ring = rings.find((r) => r.calleeId === userId && (r.status === 'ringing' || r.acceptedBy !== null));
  const callers = ring ? [ring.callerId, ...ring.alsoBy] : [];
  return seats.some((seat) => callers.includes(seat.userId) && isActionAllowed(seat.role, 'call:moderate'));
}
