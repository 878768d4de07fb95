import { type Role, ROLES } from '../role';
import { joinCall, leaveCall } from './call';
import type { CallRefusal, CallState, CallStep, Door } from './call-state';
import { doesDoorAdmit } from './door';
import { answerKnock, applyDoorChange, knockAtDoor, withdrawKnock } from './knock';
import { expelFromCall } from './moderation';
import { acceptRing, type RingStart, startRing } from './ring';
import {
  callWithSeats,
  fullCall,
  memberKnock,
  moderatorBy,
  seatOfRole,
  stateAfter,
  stepRefusalOf,
} from './testing/call-fixtures';

const ring = (caller: Role, door?: Door, role: Role = 'member'): RingStart => ({
  ...{ id: 'ring', busy: false, quiet: false, door },
  ...{ caller: { userId: caller }, callee: { userId: 'else', name: 'else', role } },
});

describe('the door', () => {
  const cases: [Door, Role, CallRefusal | undefined][] = [
    ...ROLES.map((role): [Door, Role, undefined] => ['open', role, undefined]),
    ['lobby', 'owner', undefined],
    ['lobby', 'moderator', undefined],
    ['lobby', 'member', 'knock_first'],
    ['lobby', 'guest', 'knock_first'],
    ['locked', 'owner', undefined],
    ['locked', 'moderator', undefined],
    ['locked', 'member', 'room_locked'],
    ['locked', 'guest', 'room_locked'],
  ];
  it.each(cases)('%s, for a %s: %s', (door, role, expected) => {
    expect(stepRefusalOf(joinCall(callWithSeats('someone'), seatOfRole('else', role), { door }))).toBe(expected);
  });

  it('lets a user back in who was in the call before, also when it is locked', () => {
    expect(joinCall(stateAfter(leaveCall(fullCall, 'guest', 'left')), seatOfRole('guest'), { door: 'locked' }).ok).toBe(
      true,
    );
  });

  it.each(['lobby', 'locked'] as const)('that is %s lets in a user whom a moderator rings', (door) => {
    const call = callWithSeats('owner', 'guest');
    expect(joinCall(stateAfter(startRing(call, ring('owner', door))), seatOfRole('else', 'member'), { door }).ok).toBe(
      true,
    );
    expect(doesDoorAdmit(stateAfter(startRing(call, ring('guest'))), { userId: 'else', role: 'member' }, door)).toBe(
      false,
    );
  });

  it.each(['lobby', 'locked'] as const)(
    'that is %s lets in a user who has accepted a moderator’s ring, also after the moderator has left',
    (door) => {
      const rung = stateAfter(startRing(callWithSeats('owner', 'guest'), ring('owner', door)));
      const afterLeaving = (call: CallState): CallState => stateAfter(leaveCall(call, 'owner', 'left'));
      const enters = (call: CallState): CallRefusal | undefined =>
        stepRefusalOf(joinCall(call, seatOfRole('else', 'member'), { door }));
      const accepted = stateAfter(acceptRing(rung, 'ring', 'else', 'session'));
      expect(enters(afterLeaving(accepted))).toBeUndefined();
      // A ring that was not accepted lets nobody in once it is over.
      expect(enters(afterLeaving(rung))).toBe(door === 'locked' ? 'room_locked' : 'knock_first');
      const denied = stateAfter(expelFromCall(accepted, 'else'));
      expect(enters(denied)).toBe(door === 'locked' ? 'room_locked' : 'knock_first');
      const others = stateAfter(
        acceptRing(stateAfter(startRing(callWithSeats('guest'), ring('guest'))), 'ring', 'else', 'session'),
      );
      expect(enters(others)).toBe(door === 'locked' ? 'room_locked' : 'knock_first');
    },
  );

  it('that is locked refuses a non-moderator’s ring for a user whom it does not let in', () => {
    const call = callWithSeats('owner', 'guest');
    expect(stepRefusalOf(startRing(call, ring('guest', 'locked')))).toBe('room_locked');
    expect(stepRefusalOf(startRing(call, ring('guest', 'lobby')))).toBeUndefined();
    expect(stepRefusalOf(startRing(call, ring('guest', 'locked', 'moderator')))).toBeUndefined();
    const before = stateAfter(leaveCall(stateAfter(joinCall(call, seatOfRole('else', 'member'))), 'else', 'left'));
    expect(stepRefusalOf(startRing(before, ring('guest', 'locked')))).toBeUndefined();
  });

  it('adds no knock for a user who can enter, nor a second one for a waiting device', () => {
    expect(knockAtDoor(callWithSeats('owner'), memberKnock, 'member', 'open')).toMatchObject({ changes: [] });
    expect(knockAtDoor(callWithSeats('owner'), memberKnock, 'moderator', 'lobby')).toMatchObject({ changes: [] });
    const call = stateAfter(knockAtDoor(callWithSeats('owner'), memberKnock, 'member', 'lobby'));
    expect(knockAtDoor(call, memberKnock, 'member', 'lobby')).toMatchObject({ changes: [] });
  });

  it.each(['lobby', 'locked'] as const)('that is %s is knocked at, and opens for an admitted user', (door) => {
    const call = stateAfter(knockAtDoor(callWithSeats('owner'), memberKnock, 'member', door));
    expect(call.knocks).toEqual([memberKnock]);
    const admitted = stateAfter(answerKnock(call, moderatorBy('moderator'), true));
    expect(stepRefusalOf(joinCall(admitted, seatOfRole('member'), { door }))).toBeUndefined();
  });

  it('opens for all devices of an admitted user, and for nobody else', () => {
    const knocks = [memberKnock, { ...memberKnock, id: 'phone' }, { id: 'other', userId: 'other', name: 'other' }];
    const call = knocks.reduce((s, k) => stateAfter(knockAtDoor(s, k, 'member', 'lobby')), callWithSeats('owner'));
    const admitted = stateAfter(answerKnock(call, moderatorBy('moderator'), true, 'phone'));
    expect(admitted.knocks.map(({ id }) => id)).toEqual(['other']);
    expect(joinCall(admitted, seatOfRole('member'), { door: 'lobby' }).ok).toBe(true);
    expect(stepRefusalOf(answerKnock(admitted, moderatorBy('moderator'), true, 'phone'))).toBe('knock_not_found');
    const denied = stateAfter(answerKnock(call, moderatorBy('moderator'), false));
    expect(denied.knocks).toEqual([]);
    expect(stepRefusalOf(joinCall(denied, seatOfRole('member'), { door: 'lobby' }))).toBe('knock_first');
    expect(stepRefusalOf(answerKnock(call, moderatorBy('member'), true))).toBe('forbidden');
  });

  it('answers the waiting knocks when it changes; the end of the call answers them too', () => {
    const call = stateAfter(knockAtDoor(callWithSeats('owner'), memberKnock, 'member', 'lobby'));
    expect(applyDoorChange(call, 'lobby')).toMatchObject({ changes: [] });
    const outcome = (step: CallStep) => step.ok && step.changes.flatMap((c) => ('outcome' in c ? [c.outcome] : []));
    expect(outcome(applyDoorChange(call, 'open'))).toEqual(['admitted']);
    expect(outcome(applyDoorChange(call, 'locked'))).toEqual(['denied']);
    expect(outcome(withdrawKnock(call, memberKnock.id))).toEqual(['gone']);
    expect(outcome(leaveCall(call, 'owner', 'left'))).toEqual(['gone']);
    expect(withdrawKnock(call, 'nobody')).toMatchObject({ changes: [] });
  });
});
