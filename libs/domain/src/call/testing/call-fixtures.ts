import type { Role } from '../../role';
import { createCall, joinCall } from '../call';
import type { CallRefusal, CallState, CallStep, Seat } from '../call-state';
import type { Moderator } from '../moderator';

export const allMedia = { microphone: true, camera: true, screen: true, screenSound: true };

export const userIdOf = (id: string): string => id.replace(/-.*/, '');

/** Users are named after their role; the id of a user's second device has a number behind it. */
export const seatOfRole = (id: string, role: Role = userIdOf(id) as Role): Seat => ({
  id,
  sessionId: `session-${id}`,
  userId: userIdOf(id),
  name: id,
  role,
  media: allMedia,
  held: [],
  hand: null,
  connected: true,
  incarnation: 0,
  resumeKeyHash: `hash-${id}`,
  takenAt: 0,
});
export const moderatorBy = (role: Role, userId: string = role): Moderator => ({ userId, role });
/** @returns the state after a step that must not be refused. */
export const stateAfter = (step: CallStep): CallState => {
  if (!step.ok) throw new Error(step.refusal);
  return step.state;
};
export const stepRefusalOf = (step: CallStep): CallRefusal | undefined => (step.ok ? undefined : step.refusal);
const emptyCall = createCall('call', { id: 'room', kind: 'group' }, 0);
export const callWithSeats = (...ids: string[]): CallState =>
  ids.reduce((call, id) => stateAfter(joinCall(call, seatOfRole(id))), emptyCall);
export const findSeatById = (call: CallState, id: string): Seat => {
  const found = call.seats.find((other) => other.id === id);
  if (!found) throw new Error(`${id} has no seat`);
  return found;
};

/** A call with two devices of a member and one device of every other role. */
export const fullCall = callWithSeats('owner', 'moderator', 'member', 'member-2', 'guest');

/** The knock of the member's first device. */
export const memberKnock = { id: 'session-member', userId: 'member', name: 'member' };
