import type { Role } from '../role';
import { createCall, endCall, isCallOver, joinCall, leaveCall, markSeatDisconnected, resumeSeat } from './call';
import { type CallState, type CallStep, type Ring, toClientRing } from './call-state';
import { doesDoorAdmit } from './door';
import { expelFromCall, removeFromCall } from './moderation';
import {
  acceptRing,
  cancelRing,
  cancelRingsOfUser,
  declineRing,
  endRingOfBlockedCaller,
  holdRing,
  markRingMissed,
  type RingStart,
  setDeviceRinging,
  startRing,
  startRings,
} from './ring';
import { callWithSeats, seatOfRole, stateAfter } from './testing/call-fixtures';

type Step = (call: CallState) => CallStep;

const caller = { userId: 'owner', name: 'owner' };
const callee = { userId: 'member', name: 'member', role: 'member' as const };
const start =
  (more: Partial<RingStart> = {}): Step =>
  (call) =>
    startRing(call, { id: 'ring', caller, callee, busy: false, quiet: false, ...more });
const reach =
  (session: string, reached = true): Step =>
  (call) =>
    setDeviceRinging(call, 'member', session, reached);
const accept =
  (session = 'session-member'): Step =>
  (call) =>
    acceptRing(call, 'ring', 'member', session);
const decline: Step = (call) => declineRing(call, 'ring', 'member');
const hold: Step = (call) => holdRing(call, 'ring', 'member');
const cancel: Step = (call) => cancelRing(call, 'ring', 'owner');
const timeOut: Step = (call) => markRingMissed(call, 'ring', 'member');
const join =
  (id: string): Step =>
  (call) =>
    joinCall(call, seatOfRole(id));
const leave =
  (id: string, reason: 'left' | 'lost' = 'left'): Step =>
  (call) =>
    leaveCall(call, id, reason);

const alone = callWithSeats('owner');
/** Takes steps; none of them must be refused. */
const after = (...steps: Step[]): CallState => steps.reduce((call, step) => stateAfter(step(call)), alone);
const ringIn = (call: CallState): Ring | undefined => call.rings[0] && toClientRing(call.rings[0]);

/** Steps and the ring that they lead to; `undefined` if nobody was rung. */
interface Row {
  steps: Step[];
  ring: Partial<Ring> | undefined;
  /** Whether the call has ended. */
  over?: boolean;
}

const ROWS: Record<string, Row> = {
  calling: { steps: [start()], ring: { status: 'ringing', devices: 0, busy: false, quiet: false, waiting: false } },
  'ringing on 2 devices': {
    steps: [start(), reach('phone'), reach('laptop'), reach('phone')],
    ring: { status: 'ringing', devices: 2 },
  },
  'no device reached': { steps: [start(), timeOut], ring: { status: 'missed', devices: 0 } },
  'the callee does not want to be disturbed': {
    steps: [start({ quiet: true }), reach('phone')],
    ring: { status: 'missed', quiet: true, devices: 0 },
  },
  busy: { steps: [start({ busy: true }), reach('phone')], ring: { status: 'ringing', busy: true, devices: 1 } },
  'busy, and asks to hold on': {
    steps: [start({ busy: true }), hold, hold],
    ring: { status: 'ringing', busy: true, waiting: true },
  },
  'busy, asks to hold on, and comes': {
    steps: [start({ busy: true }), hold, accept()],
    ring: { status: 'accepted', waiting: false },
  },
  'busy, and does not come in time': {
    steps: [start({ busy: true }), hold, timeOut],
    ring: { status: 'missed', waiting: false },
  },
  declined: { steps: [start(), reach('phone'), decline, decline], ring: { status: 'declined', devices: 0 } },
  'no answer': { steps: [start(), reach('phone'), timeOut, timeOut], ring: { status: 'missed', devices: 0 } },
  accepted: { steps: [start(), reach('phone'), accept('phone')], ring: { status: 'accepted', devices: 0 } },
  'accepted by coming into the call': { steps: [start(), join('member')], ring: { status: 'accepted' } },
  'accepted, then into the call': {
    steps: [start(), accept(), join('member'), accept()],
    ring: { status: 'accepted' },
  },
  cancelled: { steps: [start(), cancel, cancel], ring: { status: 'cancelled' } },
  'the callee blocks the caller': {
    steps: [start(), reach('phone'), (call) => endRingOfBlockedCaller(call, 'owner', 'member')],
    ring: { status: 'missed', quiet: false, devices: 0 },
  },
  'the callee blocks somebody else, or has accepted before': {
    steps: [
      start(),
      (call) => endRingOfBlockedCaller(call, 'guest', 'member'),
      accept(),
      (call) => endRingOfBlockedCaller(call, 'owner', 'member'),
    ],
    ring: { status: 'accepted' },
  },
  'cancelled while the time runs out': { steps: [start(), cancel, timeOut], ring: { status: 'cancelled' } },
  'accepted, and the device never comes': { steps: [start(), accept(), timeOut], ring: { status: 'missed' } },
  'accepted, and the device comes too late': {
    steps: [start(), accept(), timeOut, join('member')],
    ring: { status: 'missed' },
  },
  'accepted, and the caller is gone before the device comes': {
    steps: [start(), accept(), leave('owner')],
    ring: { status: 'missed' },
    over: true,
  },
  'accepted, and the caller goes while others wait': {
    steps: [join('moderator'), start(), accept(), leave('owner')],
    ring: { status: 'accepted' },
  },
  'accepted, into the call and out of it again, then the time runs out': {
    steps: [start(), accept(), join('member'), leave('member'), timeOut],
    ring: { status: 'accepted' },
  },
  'two users call each other: the second one joins the call': {
    steps: [join('member')],
    ring: undefined,
  },
  'two users call each other: the ring was faster': { steps: [start(), join('member')], ring: { status: 'accepted' } },
  'the tab of the caller is closed': {
    steps: [start(), (call) => markSeatDisconnected(call, 'owner'), leave('owner', 'lost')],
    ring: { status: 'cancelled' },
    over: true,
  },
  'the socket of the caller is lost and back': {
    steps: [
      start(),
      (call) => markSeatDisconnected(call, 'owner'),
      (call) => resumeSeat(call, 'owner', 'hash-owner', true),
      reach('phone'),
    ],
    ring: { status: 'ringing', devices: 1 },
  },
  'the caller hangs up': { steps: [start(), leave('owner')], ring: { status: 'cancelled' }, over: true },
  'the caller goes, others stay': {
    steps: [join('moderator'), start(), leave('owner')],
    ring: { status: 'cancelled' },
  },
  'the caller goes with one of two devices': {
    steps: [join('owner-2'), start(), leave('owner')],
    ring: { status: 'ringing' },
  },
  'the socket of the callee is lost': {
    steps: [start(), reach('phone'), reach('phone', false)],
    ring: { status: 'ringing', devices: 0 },
  },
  'the socket of the callee is lost and back': {
    steps: [start(), reach('phone'), reach('laptop'), reach('phone', false), reach('phone')],
    ring: { status: 'ringing', devices: 2 },
  },
  // All a replica knows is in the state; only its sockets are lost with it, and the other replicas go on.
  'the replica of both is killed': {
    steps: [
      start(),
      reach('phone'),
      (call) => JSON.parse(JSON.stringify({ ok: true, state: call, changes: [] })) as CallStep,
      (call) => markSeatDisconnected(call, 'owner'),
      reach('phone', false),
      (call) => resumeSeat(call, 'owner', 'hash-owner', false),
      reach('phone'),
      accept('phone'),
    ],
    ring: { status: 'accepted' },
  },
  'the callee is removed from the room': {
    steps: [start(), (call) => expelFromCall(call, 'member')],
    ring: { status: 'cancelled' },
  },
  'the caller is removed from the room': {
    steps: [join('moderator'), start(), (call) => cancelRingsOfUser(call, 'owner')],
    ring: { status: 'cancelled' },
  },
  'the call is ended for all': {
    steps: [join('moderator'), start(), endCall],
    ring: { status: 'cancelled' },
    over: true,
  },
};

describe('a ring', () => {
  it.each(Object.entries(ROWS))('%s', (_, { steps, ring, over = false }) => {
    const call = after(...steps);
    const found = ringIn(call);
    if (ring) expect(found).toMatchObject(ring);
    else expect(found).toBeUndefined();
    expect(isCallOver(call)).toBe(over);
  });

  it.each(['accepted', 'declined', 'cancelled', 'missed'] as const)('that is %s stays so', (status) => {
    const come = [accept('phone'), join('member'), leave('member')];
    const ways = { accepted: come, declined: [decline], cancelled: [cancel], missed: [timeOut] };
    const call = after(start(), ...ways[status]);
    const steps = [accept('laptop'), accept('phone'), decline, hold, cancel, timeOut, start(), reach('phone')];
    for (const step of steps) {
      const taken = step(call);
      if (taken.ok) expect([ringIn(taken.state)?.status, taken.changes]).toEqual([status, []]);
      else expect(taken.refusal).toBe('ring_over');
    }
    // Another attempt is another ring.
    expect(ringIn(stateAfter(start({ id: 'again' })(call)))).toMatchObject({ id: 'again', status: 'ringing' });
  });

  it('needs a caller in the call, and a callee who is neither in it nor barred from it', () => {
    const elsewhere = { caller: { userId: 'moderator' } };
    expect(start(elsewhere)(alone)).toEqual({ ok: false, refusal: 'not_in_call' });
    expect(start()(callWithSeats('owner', 'member'))).toEqual({ ok: false, refusal: 'callee_in_call' });
    const barred = stateAfter(
      removeFromCall(callWithSeats('owner', 'member'), { userId: 'owner', role: 'owner' }, 'member'),
    );
    expect(start()(barred)).toEqual({ ok: false, refusal: 'forbidden' });
  });

  it('is the only one of its callee: while it goes on, no other begins', () => {
    const call = after(join('moderator'), start());
    const second = start({ id: 'second', caller: { userId: 'moderator' } })(call);
    expect(second).toMatchObject({ ok: true, changes: [], state: { rings: [{ id: 'ring' }] } });
  });

  it('lets its callee in when a moderator in the call wants to ring them too while it goes on', () => {
    const ways = [
      { from: 'member', to: 'guest', by: 'moderator', enters: true },
      { from: 'member', to: 'guest', by: 'guest-2', enters: false },
    ];
    for (const { from, to, by, enters } of ways) {
      const whom = { callee: { userId: to, name: to, role: 'guest' as const } };
      const call = after(join(from), join(by.replace('guest-2', 'owner-2')), leave('owner'));
      const begun = stateAfter(start({ ...whom, id: from, caller: { userId: from } })(call));
      expect(doesDoorAdmit(begun, seatOfRole(to), 'lobby')).toBe(false);
      const again = start({ ...whom, id: by, caller: { userId: enters ? by : from } });
      for (const going of [begun, stateAfter(acceptRing(begun, from, to, 'phone'))]) {
        const both = again(going);
        expect(both).toMatchObject({ ok: true, changes: [], state: { rings: [{ id: from }] } });
        expect(doesDoorAdmit(stateAfter(both), seatOfRole(to), 'lobby')).toBe(enters);
        expect(doesDoorAdmit(stateAfter(cancelRing(begun, from, from)), seatOfRole(to), 'lobby')).toBe(false);
        const left = leaveCall(stateAfter(both), enters ? by : 'owner-2', 'left');
        expect(doesDoorAdmit(stateAfter(left), seatOfRole(to), 'lobby')).toBe(enters && going !== begun);
      }
    }
  });

  it('is not replaced while its callee is on the way, unless they were expelled', () => {
    const again = start({ id: 'again' });
    const call = after(start(), accept());
    expect(again(call)).toMatchObject({
      ok: true,
      changes: [],
      state: { rings: [{ id: 'ring', status: 'accepted' }] },
    });
    for (const over of [timeOut(call), expelFromCall(call, 'member')]) {
      expect(again(stateAfter(over))).toMatchObject({ state: { rings: [{ id: 'again', status: 'ringing' }] } });
    }
  });

  it('is answered only by its callee and cancelled only by its caller', () => {
    const call = after(join('moderator'), start());
    for (const step of [
      acceptRing(call, 'ring', 'guest', 's'),
      declineRing(call, 'ring', 'owner'),
      holdRing(call, 'ring', 'owner'),
      cancelRing(call, 'ring', 'moderator'),
      acceptRing(call, 'other', 'member', 's'),
    ]) {
      expect(step).toEqual({ ok: false, refusal: 'ring_not_found' });
    }
  });

  it('is cancelled for one callee, or for all of the same attempt', () => {
    const guest = { callee: { userId: 'guest', name: 'guest', role: 'guest' as const } };
    const call = after(start(), start(guest));
    const statuses = (step: CallStep) => stateAfter(step).rings.map(({ status }) => status);
    expect(statuses(cancelRing(call, 'ring', 'owner', 'guest'))).toEqual(['ringing', 'cancelled']);
    expect(statuses(cancelRing(call, 'ring', 'owner'))).toEqual(['cancelled', 'cancelled']);
  });

  it('does not reveal which devices ring', () => {
    const call = after(start(), reach('session-secret'));
    expect(JSON.stringify(ringIn(call))).not.toContain('secret');
  });

  it('stays accepted in a direct room when the callee hangs up and so ends the call', () => {
    const room = createCall('call', { id: 'room', kind: 'direct' }, 0);
    const call = [join('owner'), start(), join('member'), leave('member')].reduce(
      (s, step) => stateAfter(step(s)),
      room,
    );
    expect(isCallOver(call)).toBe(true);
    expect(ringIn(call)).toMatchObject({ status: 'accepted' });
  });
});

describe('rings of several users', () => {
  const starts = ['owner', 'guest', 'member'].map((userId): RingStart => ({
    ...{ id: 'ring', caller: { userId: 'guest' }, busy: false, quiet: false, door: 'locked' },
    callee: { userId, name: userId, role: userId as Role },
  }));
  const [owner, guest, member] = starts as [RingStart, RingStart, RingStart];
  const call = callWithSeats('guest');

  it('skip users in the call, and users kept out by the locked door if everybody is meant', () => {
    expect(stateAfter(startRings(call, starts, true)).rings).toMatchObject([{ calleeId: 'owner' }]);
    expect(stateAfter(startRings(call, [owner, guest], false)).rings).toMatchObject([{ calleeId: 'owner' }]);
    expect(startRings(call, [], true)).toMatchObject({ ok: true, changes: [] });
  });

  it('are refused when the door keeps out a user meant by name, or everybody', () => {
    const locked = { ok: false, refusal: 'room_locked' };
    expect(startRings(call, [owner, member], false)).toEqual(locked);
    expect(startRings(call, [member], true)).toEqual(locked);
    expect(startRings(alone, [owner], true)).toEqual({ ok: false, refusal: 'not_in_call' });
  });
});

describe('the id of a ring', () => {
  it('is remembered for a long time, but not for ever', () => {
    let call = alone;
    for (let i = 0; i < 1000; i++) {
      call = stateAfter(start({ id: `ring-${i}` })(call));
      call = stateAfter(cancelRing(call, `ring-${i}`, 'owner'));
    }
    expect(JSON.stringify(call).length).toBeLessThan(30_000);
    expect(start({ id: 'ring-700' })(call)).toMatchObject({ ok: true, changes: [] });
  });

  it('rings a callee once, also after another ring', () => {
    const call = after(start(), decline, start({ id: 'second' }), (c) => declineRing(c, 'second', 'member'), start());
    expect(call.rings).toMatchObject([{ id: 'second', status: 'declined' }]);
  });

  it('belongs to one caller', () => {
    const both = after(join('moderator'), start());
    const other = { userId: 'moderator', name: 'moderator' };
    const step = startRing(both, {
      id: 'ring',
      caller: other,
      callee: { userId: 'guest', name: 'guest', role: 'guest' },
      busy: false,
      quiet: false,
    });
    expect(step).toEqual({ ok: false, refusal: 'id_taken' });
  });
});
