import type { Role } from '../role';
import { replaceSeat } from './call';
import { advanceCall, type CallChange, type CallState, type CallStep, chainCallStep, toClientRing } from './call-state';
import { changeRoleInCall } from './moderation';

/** Applies a member's present role and name to the call: see `changeRoleInCall` and `renameUserInCall`. */
export function applyMemberChange(state: CallState, userId: string, now: { role: Role; name: string }): CallStep {
  return chainCallStep(changeRoleInCall(state, userId, now.role), (next) => renameUserInCall(next, userId, now.name));
}

/** Renames a user everywhere in the call. Rings that are over are renamed too, but not announced again. */
export function renameUserInCall(state: CallState, userId: string, name: string): CallStep {
  const seats = state.seats.filter((seat) => seat.userId === userId && seat.name !== name);
  const seated = seats.reduce<CallStep>(
    (step, seat) => chainCallStep(step, (next) => replaceSeat(next, { ...seat, name })),
    advanceCall(state, {}, []),
  );
  return chainCallStep(seated, (next) => renameInRingsAndKnocks(next, userId, name));
}

/** Renames a user in rings, knocks and the list of barred users. */
function renameInRingsAndKnocks(state: CallState, userId: string, name: string): CallStep {
  const rings = state.rings.map((ring) => ({
    ...ring,
    callerName: ring.callerId === userId ? name : ring.callerName,
    calleeName: ring.calleeId === userId ? name : ring.calleeName,
  }));
  const renamed = <T extends { userId: string; name: string }>(all: readonly T[]): T[] =>
    all.map((one) => (one.userId === userId ? { ...one, name } : one));
  const [knocks, barred] = [renamed(state.knocks), renamed(state.barred)];
  const changes: CallChange[] = [
    ...rings
      .filter((ring, i) => ring.status === 'ringing' && ringNamesOf(ring) !== ringNamesOf(state.rings[i]))
      .map((ring): CallChange => ({ type: 'ring', ring: toClientRing(ring) })),
    ...knocks
      .filter((knock, i) => knock.name !== state.knocks[i]?.name)
      .map((knock): CallChange => ({ type: 'knocked', knock })),
  ];
  if (barred.some((one, i) => one.name !== state.barred[i]?.name)) changes.push({ type: 'barred', barred });
  return advanceCall(state, { rings, knocks, barred }, changes);
}

function ringNamesOf(ring: { callerName: string; calleeName: string } | undefined): string {
  return `${ring?.callerName} ${ring?.calleeName}`;
}
