import { replaceSeat } from './call';
import { advance, andThen, type CallChange, type CallState, type CallStep, ringOf } from './call-state';
import { changeRoleInCall } from './moderation';
import type { Role } from '../role';

/** Brings a call in line with how a member stands in the room now: see `changeRoleInCall` and `renameInCall`. */
export function changeMemberInCall(state: CallState, userId: string, now: { role: Role; name: string }): CallStep {
  return andThen(changeRoleInCall(state, userId, now.role), (next) => renameInCall(next, userId, now.name));
}

/** A user has another name now, wherever the call names them. Of a ring that is over nobody is told again. */
export function renameInCall(state: CallState, userId: string, name: string): CallStep {
  const seats = state.seats.filter((seat) => seat.userId === userId && seat.name !== name);
  const seated = seats.reduce<CallStep>(
    (step, seat) => andThen(step, (next) => replaceSeat(next, { ...seat, name })),
    advance(state, {}, []),
  );
  return andThen(seated, (next) => renameBeside(next, userId, name));
}

/** Those who ring, wait at the door or were taken out. */
function renameBeside(state: CallState, userId: string, name: string): CallStep {
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
      .filter((ring, i) => ring.status === 'ringing' && namesOf(ring) !== namesOf(state.rings[i]))
      .map((ring): CallChange => ({ type: 'ring', ring: ringOf(ring) })),
    ...knocks
      .filter((knock, i) => knock.name !== state.knocks[i]?.name)
      .map((knock): CallChange => ({ type: 'knocked', knock })),
  ];
  if (barred.some((one, i) => one.name !== state.barred[i]?.name)) changes.push({ type: 'barred', barred });
  return advance(state, { rings, knocks, barred }, changes);
}

function namesOf(ring: { callerName: string; calleeName: string } | undefined): string {
  return `${ring?.callerName} ${ring?.calleeName}`;
}
