import { joinCall, startCall } from '../call';
import type { CallRefusal, CallState, CallStep, Seat } from '../call-state';
import type { Moderator } from '../moderator';
import type { Role } from '../../role';

export const everything = { microphone: true, camera: true, screen: true, screenSound: true };

export const userOf = (id: string): string => id.replace(/-.*/, '');

/** Users are named after their role; a second device of one is `id` with a number. */
export const seat = (id: string, role: Role = userOf(id) as Role): Seat => ({
  id,
  sessionId: `session-${id}`,
  userId: userOf(id),
  name: id,
  role,
  media: everything,
  held: [],
  hand: null,
  connected: true,
  incarnation: 0,
  resumeKeyHash: `hash-${id}`,
  takenAt: 0,
});
export const by = (role: Role, userId: string = role): Moderator => ({ userId, role });
/** The state after a step that must not be refused. */
export const state = (step: CallStep): CallState => {
  if (!step.ok) throw new Error(step.refusal);
  return step.state;
};
export const refusal = (step: CallStep): CallRefusal | undefined => (step.ok ? undefined : step.refusal);
const empty = startCall('call', { id: 'room', kind: 'group' }, 0);
export const withSeats = (...ids: string[]): CallState =>
  ids.reduce((call, id) => state(joinCall(call, seat(id))), empty);
export const seated = (call: CallState, id: string): Seat => {
  const found = call.seats.find((other) => other.id === id);
  if (!found) throw new Error(`${id} has no seat`);
  return found;
};

/** Two devices of a member, and one of everybody else. */
export const full = withSeats('owner', 'moderator', 'member', 'member-2', 'guest');

/** The member's first device, as it waits at the door. */
export const visitor = { id: 'session-member', userId: 'member', name: 'member' };
