import fc from 'fast-check';
import type { Role } from '../role';
import {
  changeRaisedHand,
  createCall,
  endCall,
  isCallOver,
  joinCall,
  leaveCall,
  markSeatDisconnected,
  resumeSeat,
  updateSeatMedia,
} from './call';
import {
  type BarredUser,
  CALL_CAPACITY,
  type CallChange,
  type CallState,
  type CallStep,
  DOORS,
  type Knock,
  type LeaveReason,
  MEDIA_KINDS,
  type Participant,
  type Ring,
  toClientParticipant,
  toClientRing,
} from './call-state';
import { answerKnock, applyDoorChange, knockAtDoor, withdrawKnock } from './knock';
import {
  allowMedia,
  changeRoleInCall,
  endCallByModerator,
  expelFromCall,
  holdMedia,
  readmitBarredUser,
  removeFromCall,
} from './moderation';
import {
  acceptRing,
  cancelRing,
  cancelRingsOfUser,
  declineRing,
  holdRing,
  isCalleeAwaited,
  markRingMissed,
  setDeviceRinging,
  startRing,
} from './ring';
import { moderatorBy, seatOfRole, stateAfter as stateOf, userIdOf } from './testing/call-fixtures';

/** Devices of four users; two of the users have two devices. Seat and session are named after the device. */
const DEVICES = ['owner', 'owner-2', 'moderator', 'member', 'member-2', 'guest'];
const device = fc.constantFrom(...DEVICES);
const user = device.map(userIdOf);
const moderator = fc.constantFrom<Role>('owner', 'moderator', 'member').map((role) => moderatorBy(role));
const ringId = fc.constantFrom('ring-1', 'ring-2', 'ring-3', 'ring-4', 'ring-5');
const door = fc.constantFrom(...DOORS);
const kinds = fc.subarray([...MEDIA_KINDS], { minLength: 1 });
const media = fc.record(
  { microphone: fc.boolean(), camera: fc.boolean(), screen: fc.boolean(), screenSound: fc.boolean() },
  { requiredKeys: [] },
);
const session = device.map((id) => `session-${id}`);

const named = (userId: string) => ({ userId, name: userId });

type Step = (call: CallState) => CallStep;
type TakenStep = Extract<CallStep, { ok: true }>;

const seats = fc.oneof(
  fc.tuple(device, fc.boolean(), door).map<Step>(
    ([id, takeOver, open]) =>
      (call) =>
        joinCall(call, seatOfRole(id), { takeOver, door: open }),
  ),
  fc.tuple(device, fc.constantFrom<LeaveReason>('left', 'lost', 'moved', 'removed')).map<Step>(
    ([id, reason]) =>
      (call) =>
        leaveCall(call, id, reason),
  ),
  device.map<Step>((id) => (call) => markSeatDisconnected(call, id)),
  fc.tuple(device, fc.boolean()).map<Step>(
    ([id, fresh]) =>
      (call) =>
        resumeSeat(call, id, `hash-${id}`, fresh),
  ),
  fc.tuple(device, media).map<Step>(
    ([id, sent]) =>
      (call) =>
        updateSeatMedia(call, id, sent),
  ),
  fc.tuple(device, fc.boolean()).map<Step>(
    ([id, raised]) =>
      (call) =>
        changeRaisedHand(call, id, raised),
  ),
);

const ringing = fc.tuple(ringId, user, user, fc.boolean(), fc.boolean(), door).map<Step>(
  ([id, caller, callee, busy, quiet, open]) =>
    (call) =>
      startRing(call, {
        ...{ id, caller: named(caller), busy, quiet: busy && quiet, door: open },
        callee: { ...named(callee), role: callee as Role },
      }),
);
const reaching = fc.tuple(user, session, fc.boolean()).map<Step>(
  ([callee, of, reached]) =>
    (call) =>
      setDeviceRinging(call, callee, of, reached),
);
const answering = fc.oneof(
  fc.tuple(ringId, user, session).map<Step>(
    ([id, callee, of]) =>
      (call) =>
        acceptRing(call, id, callee, of),
  ),
  fc.tuple(fc.constantFrom(declineRing, holdRing, markRingMissed, cancelRing), ringId, user).map<Step>(
    ([what, id, who]) =>
      (call) =>
        what(call, id, who),
  ),
  user.map<Step>((who) => (call) => cancelRingsOfUser(call, who)),
);

const moderation = fc.oneof(
  fc.tuple(fc.constantFrom(holdMedia, allowMedia), moderator, kinds, fc.option(device, { nil: undefined })).map<Step>(
    ([what, actor, which, id]) =>
      (call) =>
        what(call, actor, which, id),
  ),
  fc.tuple(moderator, device).map<Step>(
    ([actor, id]) =>
      (call) =>
        removeFromCall(call, actor, id),
  ),
  fc.tuple(moderator, user).map<Step>(
    ([actor, who]) =>
      (call) =>
        readmitBarredUser(call, actor, who),
  ),
  fc.tuple(user, fc.constantFrom<Role>('moderator', 'member', 'guest')).map<Step>(
    ([who, role]) =>
      (call) =>
        changeRoleInCall(call, who, role),
  ),
  user.map<Step>((who) => (call) => expelFromCall(call, who)),
);

const knocks = fc.oneof(
  fc.tuple(device, door).map<Step>(
    ([id, open]) =>
      (call) =>
        knockAtDoor(call, { id: `session-${id}`, userId: userIdOf(id), name: id }, userIdOf(id) as Role, open),
  ),
  session.map<Step>((id) => (call) => withdrawKnock(call, id)),
  fc.tuple(moderator, fc.boolean(), fc.option(session, { nil: undefined })).map<Step>(
    ([actor, admit, id]) =>
      (call) =>
        answerKnock(call, actor, admit, id),
  ),
  door.map<Step>((open) => (call) => applyDoorChange(call, open)),
);

const ends = fc.oneof(
  fc.constant<Step>(endCall),
  moderator.map<Step>((actor) => (call) => endCallByModerator(call, actor)),
);

/** Any step that a device or the server can take, also at times when it makes no sense. */
const step = fc.oneof(
  { weight: 10, arbitrary: seats },
  { weight: 15, arbitrary: ringing },
  { weight: 10, arbitrary: reaching },
  { weight: 8, arbitrary: answering },
  { weight: 5, arbitrary: moderation },
  { weight: 4, arbitrary: knocks },
  { weight: 1, arbitrary: ends },
);

function unique(ids: readonly string[]): void {
  expect([...new Set(ids)]).toEqual(ids);
}

/** Expects the rules that hold in every state of every call. */
function expectLegal(call: CallState): void {
  const seated = new Set(call.seats.map(({ userId }) => userId));
  unique(call.seats.map(({ id }) => id));
  unique(call.seats.map(({ sessionId }) => sessionId));
  unique(call.rings.map(({ calleeId }) => calleeId));
  unique(call.knocks.map(({ id }) => id));
  unique(call.barred.map(({ userId }) => userId));
  unique(call.seats.flatMap(({ hand }) => (hand === null ? [] : [String(hand)])));
  expect(call.seats.length).toBeLessThanOrEqual(CALL_CAPACITY);
  for (const ring of call.rings) {
    expect(ring.devices).toBe(new Set(ring.sessions).size);
    if (ring.status !== 'ringing') expect([ring.devices, ring.waiting]).toEqual([0, false]);
    else expect([seated.has(ring.callerId), seated.has(ring.calleeId)]).toEqual([true, false]);
  }
  for (const { userId } of call.barred) {
    expect(seated).not.toContain(userId);
    expect(call.knocks.map((visitor) => visitor.userId)).not.toContain(userId);
    expect(call.rings.filter((ring) => ring.status === 'ringing' && ring.calleeId === userId)).toEqual([]);
  }
  for (const { held, media: sent } of call.seats) expect(held.filter((kind) => sent[kind])).toEqual([]);
  if (isCallOver(call)) expect([call.knocks, call.rings.filter(isCalleeAwaited)]).toEqual([[], []]);
}

/** Expects that a user who leaves a direct room for good does not leave the other one alone in its call. */
function expectNobodyLeftAlone(before: CallState, { state, changes }: TakenStep): void {
  if (before.kind !== 'direct' || isCallOver(state)) return;
  const users = new Set(state.seats.map(({ userId }) => userId));
  const forGood = changes.flatMap((change) =>
    change.type === 'left' && change.reason !== 'lost' ? [change.participantId] : [],
  );
  for (const { id, userId } of before.seats) if (forGood.includes(id)) expect(users).toContain(userId);
}

/** The part of a call that a client knows. */
interface View {
  participants: readonly Participant[];
  rings: readonly Ring[];
  knocks: readonly Knock[];
  barred: readonly BarredUser[];
}

function viewOf({ seats, rings, knocks, barred }: CallState): View {
  return { participants: seats.map(toClientParticipant), rings: rings.map(toClientRing), knocks, barred };
}

/** Applies a change to a view. */
function follow(view: View, change: CallChange): View {
  const { participants, rings, knocks } = view;
  switch (change.type) {
    case 'joined':
      return { ...view, participants: [...participants, change.participant] };
    case 'updated':
      return {
        ...view,
        participants: participants.map((p) => (p.id === change.participant.id ? change.participant : p)),
      };
    case 'left':
      return { ...view, participants: participants.filter(({ id }) => id !== change.participantId) };
    case 'ring':
      return { ...view, rings: [...rings.filter((r) => r.calleeId !== change.ring.calleeId), change.ring] };
    case 'knocked':
      return { ...view, knocks: [...knocks, change.knock] };
    case 'unknocked':
      return { ...view, knocks: knocks.filter(({ id }) => id !== change.knockId) };
    case 'barred':
      return { ...view, barred: change.barred };
    case 'ended':
      return view;
  }
}

/** Sorts the rings, which have no order. */
function sorted(view: View): View {
  return { ...view, rings: [...view.rings].sort((a, b) => a.calleeId.localeCompare(b.calleeId)) };
}

it.each(['group', 'direct'] as const)('a call in a %s room stays legal under any steps of several devices', (kind) => {
  let ended = 0;
  let rung = 0;
  fc.assert(
    fc.property(device, fc.array(step, { minLength: 20, maxLength: 120, size: 'max' }), (first, steps) => {
      // There is no call without anybody in it.
      const begin = (): CallState => stateOf(joinCall(createCall('call', { id: 'room', kind }, 0), seatOfRole(first)));
      let call = begin();
      for (const run of steps) {
        const taken = run(call);
        if (!taken.ok) continue;
        const { state, changes } = taken;
        expect(state.version).toBe(call.version + changes.length);
        expectLegal(state);
        expectNobodyLeftAlone(call, taken);
        expect(changes.filter(({ type }) => type === 'ended')).toHaveLength(isCallOver(state) ? 1 : 0);
        if (isCallOver(state)) expect(changes.at(-1)?.type).toBe('ended');
        // A client that applies the changes has the same view as one that loads the whole call.
        expect(sorted(changes.reduce(follow, viewOf(call)))).toEqual(sorted(viewOf(state)));
        for (const ring of call.rings.filter((before) => !isCalleeAwaited(before))) {
          const later = state.rings.find(({ id, calleeId }) => id === ring.id && calleeId === ring.calleeId);
          if (later) expect(toClientRing(later)).toEqual(toClientRing(ring));
        }
        rung += changes.filter((change) => change.type === 'ring' && change.ring.status === 'ringing').length;
        ended += isCallOver(state) ? 1 : 0;
        call = isCallOver(state) ? begin() : state;
      }
    }),
    { numRuns: 150 },
  );
  // Fewer would mean that the generated commands hardly interact.
  expect(ended).toBeGreaterThan(50);
  expect(rung).toBeGreaterThan(200);
});
