import { joinCall, startCall } from './call';
import type { CallState, CallStep, Seat } from './call-state';
import { knock } from './knock';
import { changeMemberInCall, renameInCall } from './member-in-call';
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

/** Anna is in the call with two devices, and Boris. */
const CALL = [seat('anna'), seat('anna', ' at work'), seat('boris')].reduce(
  (call, joins) => state(joinCall(call, joins)),
  startCall('call', { id: 'room', kind: 'group' }, 0),
);

describe('a new name in a call', () => {
  it('shows at each seat of the user, and at nobody else’s', () => {
    const step = renameInCall(CALL, 'anna', 'anja');
    expect(state(step).seats.map(({ name }) => name)).toEqual(['anja', 'anja', 'boris']);
    expect(step).toMatchObject({
      changes: [1, 2].map(() => ({ type: 'updated', participant: { userId: 'anna', name: 'anja' } })),
      state: { version: CALL.version + 2 },
    });
  });

  it('shows at rings, of the caller and of who is rung; what is over is told to nobody again', () => {
    const call = ring(state(cancelRing(ring(CALL, 'over', 'clara'), 'over', 'anna')), 'ring', 'dora');
    const renamed = renameInCall(call, 'anna', 'anja');
    expect(renamed).toMatchObject({ changes: [{}, {}, { type: 'ring', ring: { id: 'ring', callerName: 'anja' } }] });
    expect(state(renamed).rings.map(({ callerName }) => callerName)).toEqual(['anja', 'anja']);
    const callee = renameInCall(call, 'dora', 'dorothy');
    expect(callee).toMatchObject({ changes: [{ type: 'ring', ring: { calleeName: 'dorothy', callerName: 'anna' } }] });
    expect(renameInCall(call, 'clara', 'claire')).toMatchObject({ changes: [] });
  });

  it('is that of the caller’s seat in rings that come later', () => {
    const [made] = ring(state(renameInCall(CALL, 'anna', 'anja')), 'ring', 'dora').rings;
    expect(made?.callerName).toBe('anja');
  });

  it('shows at the door, and with those who were taken out', () => {
    const waits = state(knock(CALL, { id: 'knock', userId: 'clara', name: 'clara' }, 'member', 'lobby'));
    const renamed = renameInCall(waits, 'clara', 'claire');
    expect(renamed).toMatchObject({ changes: [{ type: 'knocked', knock: { id: 'knock', name: 'claire' } }] });
    const out = state(removeFromCall(CALL, { userId: 'anna', role: 'owner' }, 'seat of boris'));
    const barred = [{ userId: 'boris', name: 'bob' }];
    expect(renameInCall(out, 'boris', 'bob')).toMatchObject({
      changes: [{ type: 'barred', barred }],
      state: { barred },
    });
  });

  it('that is the old one changes nothing; with another role both show', () => {
    expect(renameInCall(CALL, 'anna', 'anna')).toMatchObject({ changes: [], state: { version: CALL.version } });
    const { seats } = state(changeMemberInCall(CALL, 'boris', { role: 'moderator', name: 'bob' }));
    expect(seats[2]).toMatchObject({ role: 'moderator', name: 'bob' });
  });
});
