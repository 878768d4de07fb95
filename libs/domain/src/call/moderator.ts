import { isActionAllowed, type Role } from '../role';
import { type CallState, type CallStep, refuseCallStep } from './call-state';

/** A user who moderates, with their present role in the room. They need not be in the call. */
export interface Moderator {
  userId: string;
  role: Role;
}

/** Runs a step if `role` may moderate. A barred user may not: they could readmit themselves. */
export function runModeratorStep(state: CallState, { userId, role }: Moderator, step: () => CallStep): CallStep {
  if (!isActionAllowed(role, 'call:moderate')) return refuseCallStep('forbidden');
  if (state.barred.some((b) => b.userId === userId)) return refuseCallStep('removed_from_call');
  return step();
}
