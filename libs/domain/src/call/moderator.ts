import { type CallState, type CallStep, refuse } from './call-state';
import { may, type Role } from '../role';

/** Who moderates, with the role that they have in the room at that moment. They need not be in the call. */
export interface Moderator {
  userId: string;
  role: Role;
}

/** Takes a step that is for moderators. Who was taken out of the call cannot take it: they would let themselves back in. */
export function moderating(state: CallState, { userId, role }: Moderator, step: () => CallStep): CallStep {
  if (!may(role, 'call:moderate')) return refuse('forbidden');
  if (state.barred.some((b) => b.userId === userId)) return refuse('removed_from_call');
  return step();
}
