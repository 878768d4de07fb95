import fc from 'fast-check';
import {
  createCall,
  isCallOver,
  isLinkOwner,
  joinCall,
  leaveCall,
  markSeatDisconnected,
  resumeSeat,
  updateSeatMedia,
} from './call';
import { CALL_CAPACITY, type CallState, type CallStep, type Seat } from './call-state';

const silent = { microphone: false, camera: false, screen: false, screenSound: false };
const seat = (id: string, sessionId = `session-${id}`): Seat => ({
  id,
  sessionId,
  userId: `user-${id}`,
  name: id,
  role: 'member',
  media: silent,
  held: [],
  hand: null,
  connected: true,
  incarnation: 0,
  resumeKeyHash: `hash-${id}`,
  takenAt: 0,
});
const state = (step: CallStep): CallState => {
  if (!step.ok) throw new Error(step.refusal);
  return step.state;
};
const empty = createCall('call', { id: 'room', kind: 'group' }, 0);
const direct = createCall('call', { id: 'room', kind: 'direct' }, 0);
const withSeats = (n: number) =>
  Array.from({ length: n }, (_, i) => seat(`p${i}`)).reduce((s, next) => state(joinCall(s, next)), empty);

describe('call', () => {
  it('seats up to its capacity and refuses the next', () => {
    const full = withSeats(CALL_CAPACITY);
    expect(joinCall(full, seat('late'))).toEqual({ ok: false, refusal: 'call_full' });
  });

  it('gives a device one seat only', () => {
    const call = withSeats(1);
    expect(joinCall(call, seat('again', 'session-p0'))).toEqual({ ok: false, refusal: 'already_in_call' });
  });

  it('is a conversation from the time a second user joins, also after that user has left', () => {
    const at = (takenAt: number, id: string, userId = `user-${id}`): Seat => ({ ...seat(id), userId, takenAt });
    const alone = state(joinCall(empty, at(10, 'a')));
    const onTwoDevices = state(joinCall(alone, at(20, 'a2', 'user-a')));
    expect([alone.talkingSince, onTwoDevices.talkingSince]).toEqual([null, null]);
    const talking = state(joinCall(onTwoDevices, at(30, 'b')));
    const aloneAgain = state(leaveCall(talking, 'b', 'left'));
    expect([talking, aloneAgain, state(joinCall(aloneAgain, at(40, 'c')))].map((s) => s.talkingSince)).toEqual([
      30, 30, 30,
    ]);
  });

  it('moves a device to its new seat when it takes over or its old socket is gone, also in a full call', () => {
    const full = withSeats(CALL_CAPACITY);
    const moved = joinCall(full, seat('new', 'session-p0'), { takeOver: true });
    expect(moved).toMatchObject({
      changes: [
        { type: 'left', participantId: 'p0', reason: 'moved' },
        { type: 'joined', participant: { id: 'new' } },
      ],
    });
    expect(state(moved).seats).toHaveLength(CALL_CAPACITY);
    expect(state(moved).version).toBe(full.version + 2);
    const lost = state(markSeatDisconnected(withSeats(1), 'p0'));
    expect(state(joinCall(lost, seat('new', 'session-p0'))).seats.map((s) => s.id)).toEqual(['new']);
  });

  it('gives the seat back only for its resume key, and raises the incarnation when the links are gone', () => {
    const disconnected = state(markSeatDisconnected(withSeats(2), 'p0'));
    expect(disconnected.seats[0]?.connected).toBe(false);
    expect(resumeSeat(disconnected, 'p0', 'other', false)).toEqual({ ok: false, refusal: 'resume_key_wrong' });
    const [kept] = state(resumeSeat(disconnected, 'p0', 'hash-p0', false)).seats;
    expect(kept).toMatchObject({ connected: true, incarnation: 0 });
    const [fresh] = state(resumeSeat(disconnected, 'p0', 'hash-p0', true)).seats;
    expect(fresh).toMatchObject({ connected: true, incarnation: 1 });
  });

  it('announces no fields that only the server knows', () => {
    const step = joinCall(empty, seat('p0'));
    expect(JSON.stringify(step.ok && step.changes)).not.toMatch(/hash-|session-/);
  });

  it('ends when the last one leaves', () => {
    const step = leaveCall(withSeats(1), 'p0', 'left');
    expect(step).toMatchObject({ ok: true, changes: [{ type: 'left' }, { type: 'ended' }] });
    expect(isCallOver(state(step))).toBe(true);
    expect(isCallOver(empty)).toBe(false);
  });

  it.each([
    ['left', true],
    ['moved', true],
    ['removed', true],
    ['lost', false],
  ] as const)('in a direct room, when one of the two is %s, is over: %s', (reason, ends) => {
    const both = [seat('p0'), seat('p1')].reduce((s, next) => state(joinCall(s, next)), direct);
    const step = leaveCall(both, 'p0', reason);
    expect(step).toMatchObject({
      changes: [
        { type: 'left', participantId: 'p0', reason },
        ...(ends ? [{ type: 'left', participantId: 'p1', reason: 'ended' }, { type: 'ended' }] : []),
      ],
    });
    expect(isCallOver(state(step))).toBe(ends);
  });

  it('in a direct room goes on when a user leaves with one of two devices', () => {
    const seats = [seat('p0'), { ...seat('phone'), userId: 'user-p0' }, seat('p1')];
    const call = seats.reduce((s, next) => state(joinCall(s, next)), direct);
    expect(state(leaveCall(call, 'phone', 'removed')).seats.map(({ id }) => id)).toEqual(['p0', 'p1']);
  });

  it('has exactly one owner for each link', () => {
    expect(isLinkOwner('a', 'b')).not.toBe(isLinkOwner('b', 'a'));
  });

  it('stays sound under any commands: versions count changes, seats are unique and few', () => {
    const ids = fc.constantFrom(...Array.from({ length: 10 }, (_, i) => `p${i}`));
    const command = fc.oneof(
      ids.map((id) => (s: CallState) => joinCall(s, seat(id))),
      ids.map((id) => (s: CallState) => leaveCall(s, id, 'left')),
      ids.map((id) => (s: CallState) => markSeatDisconnected(s, id)),
      fc.tuple(ids, fc.boolean()).map(
        ([id, fresh]) =>
          (s: CallState) =>
            resumeSeat(s, id, `hash-${id}`, fresh),
      ),
      ids.map((id) => (s: CallState) => updateSeatMedia(s, id, { camera: true })),
    );
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
        let call = empty;
        for (const run of commands) {
          const step = run(call);
          if (!step.ok) continue;
          expect(step.state.version).toBe(call.version + step.changes.length);
          expect(step.changes.some((c) => c.type === 'ended')).toBe(step.state.seats.length === 0);
          call = step.state;
          expect(new Set(call.seats.map((x) => x.id)).size).toBe(call.seats.length);
          expect(call.seats.length).toBeLessThanOrEqual(CALL_CAPACITY);
        }
      }),
    );
  });
});
