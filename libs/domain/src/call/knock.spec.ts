import { joinCall, leaveCall } from './call';
import type { CallRefusal, CallState, CallStep, Door } from './call-state';
import { by, full, refusal, seat, state, visitor, withSeats } from './testing/callers';
import { mayEnter } from './door';
import { answerKnock, knock, settleDoor, stopKnocking } from './knock';
import { expel } from './moderation';
import { acceptRing, type RingStart, startRing } from './ring';
import { type Role, ROLES } from '../role';

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
    expect(refusal(joinCall(withSeats('someone'), seat('else', role), { door }))).toBe(expected);
  });

  it('lets back in who was there before, also when it is locked', () => {
    expect(joinCall(state(leaveCall(full, 'guest', 'left')), seat('guest'), { door: 'locked' }).ok).toBe(true);
  });

  it.each(['lobby', 'locked'] as const)('that is %s lets in whom a moderator rings', (door) => {
    const call = withSeats('owner', 'guest');
    expect(joinCall(state(startRing(call, ring('owner', door))), seat('else', 'member'), { door }).ok).toBe(true);
    expect(mayEnter(state(startRing(call, ring('guest'))), { userId: 'else', role: 'member' }, door)).toBe(false);
  });

  it.each(['lobby', 'locked'] as const)(
    'that is %s lets in who has accepted a moderator’s ring, when that one has left',
    (door) => {
      const rung = state(startRing(withSeats('owner', 'guest'), ring('owner', door)));
      const gone = (call: CallState): CallState => state(leaveCall(call, 'owner', 'left'));
      const enters = (call: CallState): CallRefusal | undefined =>
        refusal(joinCall(call, seat('else', 'member'), { door }));
      const accepted = state(acceptRing(rung, 'ring', 'else', 'session'));
      expect(enters(gone(accepted))).toBeUndefined();
      // It was for this user, and is over with a ring that was not answered.
      expect(enters(gone(rung))).toBe(door === 'locked' ? 'room_locked' : 'knock_first');
      const denied = state(expel(accepted, 'else'));
      expect(enters(denied)).toBe(door === 'locked' ? 'room_locked' : 'knock_first');
      const others = state(acceptRing(state(startRing(withSeats('guest'), ring('guest'))), 'ring', 'else', 'session'));
      expect(enters(others)).toBe(door === 'locked' ? 'room_locked' : 'knock_first');
    },
  );

  it('that is locked keeps others from ringing whom it does not let in', () => {
    const call = withSeats('owner', 'guest');
    expect(refusal(startRing(call, ring('guest', 'locked')))).toBe('room_locked');
    expect(refusal(startRing(call, ring('guest', 'lobby')))).toBeUndefined();
    expect(refusal(startRing(call, ring('guest', 'locked', 'moderator')))).toBeUndefined();
    const before = state(leaveCall(state(joinCall(call, seat('else', 'member'))), 'else', 'left'));
    expect(refusal(startRing(before, ring('guest', 'locked')))).toBeUndefined();
  });

  it('has nobody wait who can come in, nor twice', () => {
    expect(knock(withSeats('owner'), visitor, 'member', 'open')).toMatchObject({ changes: [] });
    expect(knock(withSeats('owner'), visitor, 'moderator', 'lobby')).toMatchObject({ changes: [] });
    expect(refusal(knock(withSeats('owner'), visitor, 'member', 'locked'))).toBe('room_locked');
    const call = state(knock(withSeats('owner'), visitor, 'member', 'lobby'));
    expect(knock(call, visitor, 'member', 'lobby')).toMatchObject({ changes: [] });
  });

  it('opens for all devices of who is let in, and for nobody else', () => {
    const knocks = [visitor, { ...visitor, id: 'phone' }, { id: 'other', userId: 'other', name: 'other' }];
    const call = knocks.reduce((s, k) => state(knock(s, k, 'member', 'lobby')), withSeats('owner'));
    const admitted = state(answerKnock(call, by('moderator'), true, 'phone'));
    expect(admitted.knocks.map(({ id }) => id)).toEqual(['other']);
    expect(joinCall(admitted, seat('member'), { door: 'lobby' }).ok).toBe(true);
    expect(refusal(answerKnock(admitted, by('moderator'), true, 'phone'))).toBe('knock_not_found');
    const denied = state(answerKnock(call, by('moderator'), false));
    expect(denied.knocks).toEqual([]);
    expect(refusal(joinCall(denied, seat('member'), { door: 'lobby' }))).toBe('knock_first');
    expect(refusal(answerKnock(call, by('member'), true))).toBe('forbidden');
  });

  it('that changes answers those who wait, and a call that ends does so too', () => {
    const call = state(knock(withSeats('owner'), visitor, 'member', 'lobby'));
    expect(settleDoor(call, 'lobby')).toMatchObject({ changes: [] });
    const outcome = (step: CallStep) => step.ok && step.changes.flatMap((c) => ('outcome' in c ? [c.outcome] : []));
    expect(outcome(settleDoor(call, 'open'))).toEqual(['admitted']);
    expect(outcome(settleDoor(call, 'locked'))).toEqual(['denied']);
    expect(outcome(stopKnocking(call, visitor.id))).toEqual(['gone']);
    expect(outcome(leaveCall(call, 'owner', 'left'))).toEqual(['gone']);
    expect(stopKnocking(call, 'nobody')).toMatchObject({ changes: [] });
  });
});
