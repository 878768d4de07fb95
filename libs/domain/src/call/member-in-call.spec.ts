import { createCall, joinCall } from './call';
import type { CallState, CallStep, Seat } from './call-state';
import { knockAtDoor } from './knock';
import { applyMemberChange, renameUserInCall } from './member-in-call';
import { removeFromCall } from './moderation';
import { cancelRing, startRing } from './ring';

const NO_MEDIA = { microphone: false, camera: false, screen: false, screenSound: false };
const seat = (userId: string, device = ''): Seat => ({
  id: `seat of ${userId}${device}`,
  userId,
  name: userId,
  role: userId === 'anna' ? 'owner' : 'member',
  ...{ media: NO_MEDIA, held: [], hand: null, connected: true, incarnation: 0 },
  ...{ sessionId: `${userId}${device}`, resumeKeyHash: '', takenAt: 0 },
});
const state = (step: CallStep): CallState => {
  if (!step.ok) throw new Error(step.refusal);
  return step.state;
};
const ring = (call: CallState, id: string, calleeId: string): CallState =>
  state(
    startRing(call, {
      ...{ id, caller: { userId: 'anna' }, callee: { userId: calleeId, name: calleeId, role: 'member' } },
      ...{ busy: false, quiet: false },
    }),
  );

/** A call of Anna with two devices and Boris with one. */
const CALL = [seat('anna'), seat('anna', ' at work'), seat('boris')].reduce(
  (call, joins) => state(joinCall(call, joins)),
  createCall('call', { id: 'room', kind: 'group' }, 0),
);

describe('a new name in a call', () => {
  it('appears at each seat of the user, and at no other seat', () => {
    const step = renameUserInCall(CALL, 'anna', 'anja');
    expect(state(step).seats.map(({ name }) => name)).toEqual(['anja', 'anja', 'boris']);
    expect(step).toMatchObject({
      changes: [1, 2].map(() => ({ type: 'updated', participant: { userId: 'anna', name: 'anja' } })),
      state: { version: CALL.version + 2 },
    });
  });

  it('appears at the rings of a caller and of a callee; rings that are over are not announced again', () => {
    const call = ring(state(cancelRing(ring(CALL, 'over', 'clara'), 'over', 'anna')), 'ring', 'dora');
    const renamed = renameUserInCall(call, 'anna', 'anja');
    expect(renamed).toMatchObject({ changes: [{}, {}, { type: 'ring', ring: { id: 'ring', callerName: 'anja' } }] });
    expect(state(renamed).rings.map(({ callerName }) => callerName)).toEqual(['anja', 'anja']);
    const callee = renameUserInCall(call, 'dora', 'dorothy');
    expect(callee).toMatchObject({ changes: [{ type: 'ring', ring: { calleeName: 'dorothy', callerName: 'anna' } }] });
    expect(renameUserInCall(call, 'clara', 'claire')).toMatchObject({ changes: [] });
  });

  it('is the caller’s name in later rings', () => {
    const [made] = ring(state(renameUserInCall(CALL, 'anna', 'anja')), 'ring', 'dora').rings;
    expect(made?.callerName).toBe('anja');
  });

  it('appears in knocks and among the barred users', () => {
    const waits = state(knockAtDoor(CALL, { id: 'knock', userId: 'clara', name: 'clara' }, 'member', 'lobby'));
    const renamed = renameUserInCall(waits, 'clara', 'claire');
    expect(renamed).toMatchObject({ changes: [{ type: 'knocked', knock: { id: 'knock', name: 'claire' } }] });
    const out = state(removeFromCall(CALL, { userId: 'anna', role: 'owner' }, 'seat of boris'));
    const barred = [{ userId: 'boris', name: 'bob' }];
    expect(renameUserInCall(out, 'boris', 'bob')).toMatchObject({
      changes: [{ type: 'barred', barred }],
      state: { barred },
    });
  });

  it('that equals the old one changes nothing; together with a new role both are applied', () => {
    expect(renameUserInCall(CALL, 'anna', 'anna')).toMatchObject({ changes: [], state: { version: CALL.version } });
    const { seats } = state(applyMemberChange(CALL, 'boris', { role: 'moderator', name: 'bob' }));
    expect(seats[2]).toMatchObject({ role: 'moderator', name: 'bob' });
  });
});
