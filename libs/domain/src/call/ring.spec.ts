import { seat, state, withSeats } from './testing/callers';
import { disconnectSeat, endCall, isOver, joinCall, leaveCall, resumeSeat, startCall } from './call';
import { type CallState, type CallStep, type Ring, ringOf } from './call-state';
import { mayEnter } from './door';
import { expel, removeFromCall } from './moderation';
import {
  acceptRing,
  cancelRing,
  declineRing,
  dropRings,
  holdRing,
  hushRing,
  missRing,
  reachDevice,
  startRing,
  startRings,
  type RingStart,
} from './ring';
import type { Role } from '../role';

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
    reachDevice(call, 'member', session, reached);
const accept =
  (session = 'session-member'): Step =>
  (call) =>
    acceptRing(call, 'ring', 'member', session);
const decline: Step = (call) => declineRing(call, 'ring', 'member');
const hold: Step = (call) => holdRing(call, 'ring', 'member');
const cancel: Step = (call) => cancelRing(call, 'ring', 'owner');
const timeOut: Step = (call) => missRing(call, 'ring', 'member');
const join =
  (id: string): Step =>
  (call) =>
    joinCall(call, seat(id));
const leave =
  (id: string, reason: 'left' | 'lost' = 'left'): Step =>
  (call) =>
    leaveCall(call, id, reason);

const alone = withSeats('owner');
/** Takes steps of which none must be refused. */
const after = (...steps: Step[]): CallState => steps.reduce((call, step) => state(step(call)), alone);
const ringIn = (call: CallState): Ring | undefined => call.rings[0] && ringOf(call.rings[0]);

/** What comes of the steps for the ring; without one nobody was rung. */
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
  'does not want to be disturbed': {
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
    steps: [start(), reach('phone'), (call) => hushRing(call, 'owner', 'member')],
    ring: { status: 'missed', quiet: false, devices: 0 },
  },
  'the callee blocks somebody else, or has accepted before': {
    steps: [
      start(),
      (call) => hushRing(call, 'guest', 'member'),
      accept(),
      (call) => hushRing(call, 'owner', 'member'),
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
  'two who call each other: who comes second is in the call': {
    steps: [join('member')],
    ring: undefined,
  },
  'two who call each other: the ring was faster': { steps: [start(), join('member')], ring: { status: 'accepted' } },
  'the tab of the caller is closed': {
    steps: [start(), (call) => disconnectSeat(call, 'owner'), leave('owner', 'lost')],
    ring: { status: 'cancelled' },
    over: true,
  },
  'the socket of the caller is lost and back': {
    steps: [
      start(),
      (call) => disconnectSeat(call, 'owner'),
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
  // What a replica knew is in the state; what dies with it are its sockets, and the others read on.
  'the replica of both is killed': {
    steps: [
      start(),
      reach('phone'),
      (call) => JSON.parse(JSON.stringify({ ok: true, state: call, changes: [] })) as CallStep,
      (call) => disconnectSeat(call, 'owner'),
      reach('phone', false),
      (call) => resumeSeat(call, 'owner', 'hash-owner', false),
      reach('phone'),
      accept('phone'),
    ],
    ring: { status: 'accepted' },
  },
  'the callee is taken out of the room': {
    steps: [start(), (call) => expel(call, 'member')],
    ring: { status: 'cancelled' },
  },
  'the caller is taken out of the room': {
    steps: [join('moderator'), start(), (call) => dropRings(call, 'owner')],
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
    expect(isOver(call)).toBe(over);
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
    expect(ringIn(state(start({ id: 'again' })(call)))).toMatchObject({ id: 'again', status: 'ringing' });
  });

  it('is rung from within the call, and for nobody who is in it or was taken out of it', () => {
    const elsewhere = { caller: { userId: 'moderator' } };
    expect(start(elsewhere)(alone)).toEqual({ ok: false, refusal: 'not_in_call' });
    expect(start()(withSeats('owner', 'member'))).toEqual({ ok: false, refusal: 'callee_in_call' });
    const barred = state(removeFromCall(withSeats('owner', 'member'), { userId: 'owner', role: 'owner' }, 'member'));
    expect(start()(barred)).toEqual({ ok: false, refusal: 'forbidden' });
  });

  it('is one per callee: while it goes on, nobody else’s begins', () => {
    const call = after(join('moderator'), start());
    const second = start({ id: 'second', caller: { userId: 'moderator' } })(call);
    expect(second).toMatchObject({ ok: true, changes: [], state: { rings: [{ id: 'ring' }] } });
  });

  it('lets in whom a moderator wants to ring too, while it goes on and the moderator is there', () => {
    const ways = [
      { from: 'member', to: 'guest', by: 'moderator', enters: true },
      { from: 'member', to: 'guest', by: 'guest-2', enters: false },
    ];
    for (const { from, to, by, enters } of ways) {
      const whom = { callee: { userId: to, name: to, role: 'guest' as const } };
      const call = after(join(from), join(by.replace('guest-2', 'owner-2')), leave('owner'));
      const begun = state(start({ ...whom, id: from, caller: { userId: from } })(call));
      expect(mayEnter(begun, seat(to), 'lobby')).toBe(false);
      const again = start({ ...whom, id: by, caller: { userId: enters ? by : from } });
      for (const going of [begun, state(acceptRing(begun, from, to, 'phone'))]) {
        const both = again(going);
        expect(both).toMatchObject({ ok: true, changes: [], state: { rings: [{ id: from }] } });
        expect(mayEnter(state(both), seat(to), 'lobby')).toBe(enters);
        expect(mayEnter(state(cancelRing(begun, from, from)), seat(to), 'lobby')).toBe(false);
        const left = leaveCall(state(both), enters ? by : 'owner-2', 'left');
        expect(mayEnter(state(left), seat(to), 'lobby')).toBe(enters && going !== begun);
      }
    }
  });

  it('is not replaced while its callee comes, unless they were taken out', () => {
    const again = start({ id: 'again' });
    const call = after(start(), accept());
    expect(again(call)).toMatchObject({
      ok: true,
      changes: [],
      state: { rings: [{ id: 'ring', status: 'accepted' }] },
    });
    for (const over of [timeOut(call), expel(call, 'member')]) {
      expect(again(state(over))).toMatchObject({ state: { rings: [{ id: 'again', status: 'ringing' }] } });
    }
  });

  it('is answered by its callee and cancelled by its caller, nobody else', () => {
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
    const statuses = (step: CallStep) => state(step).rings.map(({ status }) => status);
    expect(statuses(cancelRing(call, 'ring', 'owner', 'guest'))).toEqual(['ringing', 'cancelled']);
    expect(statuses(cancelRing(call, 'ring', 'owner'))).toEqual(['cancelled', 'cancelled']);
  });

  it('does not tell which devices ring', () => {
    const call = after(start(), reach('session-secret'));
    expect(JSON.stringify(ringIn(call))).not.toContain('secret');
  });

  it('ends in a direct room with who hangs up, and the call with it', () => {
    const room = startCall('call', { id: 'room', kind: 'direct' }, 0);
    const call = [join('owner'), start(), join('member'), leave('member')].reduce((s, step) => state(step(s)), room);
    expect(isOver(call)).toBe(true);
    expect(ringIn(call)).toMatchObject({ status: 'accepted' });
  });
});

describe('rings of several users', () => {
  const starts = ['owner', 'guest', 'member'].map((userId): RingStart => ({
    ...{ id: 'ring', caller: { userId: 'guest' }, busy: false, quiet: false, door: 'locked' },
    callee: { userId, name: userId, role: userId as Role },
  }));
  const [owner, guest, member] = starts as [RingStart, RingStart, RingStart];
  const call = withSeats('guest');

  it('pass over who is in the call, and whom the locked door keeps out if everybody is meant', () => {
    expect(state(startRings(call, starts, true)).rings).toMatchObject([{ calleeId: 'owner' }]);
    expect(state(startRings(call, [owner, guest], false)).rings).toMatchObject([{ calleeId: 'owner' }]);
    expect(startRings(call, [], true)).toMatchObject({ ok: true, changes: [] });
  });

  it('are refused when the door keeps out one who is meant by name, or everybody', () => {
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
      call = state(start({ id: `ring-${i}` })(call));
      call = state(cancelRing(call, `ring-${i}`, 'owner'));
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
