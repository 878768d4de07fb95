import type { Ring } from '@webcall/domain';
import { randomUUID } from 'node:crypto';
import { LIMITS_BY_NAME } from '../../platform/throttling/limits';
import type { Device } from '../testing/device';
import { ThreeInARoom } from '../testing/three-in-a-room';

const three = ThreeInARoom.prepareEachTest();
const { join, ring, answer, call } = three;

beforeEach(() => join(three.a));

describe('rings', () => {
  it('are answered by joining the call', async () => {
    const { roomId, ringId, boris, a, b } = three;
    await ring(a, boris);
    await join(b);
    expect(a.lastReceivedRing(boris.id)).toMatchObject({ status: 'accepted' });
    expect(await b.requestRefusalCode('ring:decline', { roomId, ringId })).toBe('ring_over');
  });

  it.each([
    ['accept', 'accepted'],
    ['decline', 'declined'],
  ] as const)('stop on all devices when one answers: %s', async (how, status) => {
    const { all, roomId, ringId, boris, a, b } = three;
    const phone = all.connectDevice(boris);
    await ring(a, boris);
    for (const device of [b, phone]) await device.requestCommand('ring:reach', { roomId, ringId });
    expect(a.lastReceivedRing(boris.id)).toMatchObject({ devices: 2 });
    expect(await answer(phone, `ring:${how}`)).toMatchObject({ status, devices: 0 });
    for (const device of [a, b, phone]) expect(device.lastReceivedRing(boris.id)).toMatchObject({ status });
    expect(await b.requestRefusalCode('ring:accept', { roomId, ringId })).toBe('ring_over');
    // Repeating the answer returns the same ring.
    expect(await answer(phone, `ring:${how}`)).toMatchObject({ status });
  });

  it('are accepted by only one device, even if several accept at the same moment', async () => {
    const { all, roomId, ringId, boris, a } = three;
    const phones = Array.from({ length: 4 }, () => all.connectDevice(boris));
    await ring(a, boris);
    const accept = (phone: Device) => phone.requestCommand('ring:accept', { roomId, ringId });
    const outcomes = await Promise.allSettled(phones.map(accept));
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
    expect(a.receivedEvents('ring:changed').map((event) => event.ring.status)).toEqual(['ringing', 'accepted']);
  });

  it('are missed when the caller leaves before the device that accepted them has joined', async () => {
    const { all, roomId, boris, a, b } = three;
    await ring(a, boris);
    await answer(b, 'ring:accept');
    await a.requestCommand('call:leave', {});
    expect(b.lastReceivedRing(boris.id)).toMatchObject({ status: 'missed' });
    const callees = [expect.objectContaining({ userId: boris.id, status: 'missed' })];
    expect(all.entries.listEntryContents(roomId)).toEqual([expect.objectContaining({ type: 'ring', callees })]);
  });

  it('are cancelled for one callee, or for all', async () => {
    const { all, roomId, ringId, boris, clara, a, b, c } = three;
    await ring(a, boris, clara);
    await a.requestCommand('ring:cancel', { roomId, ringId, userId: boris.id });
    expect([b.lastReceivedRing(boris.id)?.status, c.lastReceivedRing(clara.id)?.status]).toEqual([
      'cancelled',
      'ringing',
    ]);
    expect(all.entries.listEntryContents(roomId)).toMatchObject([{ callees: { length: 1 } }]);
    await a.requestCommand('ring:cancel', { roomId, ringId });
    expect(c.lastReceivedRing(clara.id)).toMatchObject({ status: 'cancelled' });
    // The same entry, which now has both callees.
    expect(all.entries.listEntryContents(roomId)).toMatchObject([{ callees: { length: 2 } }]);
  });

  it('end with the call', async () => {
    const { all, roomId, ringId, boris, clara, a, b, c } = three;
    await ring(a, boris, clara);
    await a.requestCommand('call:leave', {});
    expect([b.lastReceivedRing(boris.id)?.status, c.lastReceivedRing(clara.id)?.status]).toEqual([
      'cancelled',
      'cancelled',
    ]);
    expect(all.entries.listEntryContents(roomId)).toMatchObject([{ callees: { length: 2 } }]);
    expect(await b.requestRefusalCode('ring:accept', { roomId, ringId })).toBe('ring_not_found');
  });

  it('between two users who call each other at the same moment make one call, and nobody rings', async () => {
    const { all, anna, boris, b } = three;
    const roomId = all.rooms.createMemoryRoom(anna);
    all.rooms.addRoomMember(roomId, boris);
    const a = all.connectDevice(anna);
    const ringUp = async (device: Device, userId: string): Promise<string> => {
      const { callId } = await device.requestCommand('call:join', { roomId });
      await device.requestCommand('ring:start', { roomId, id: randomUUID(), userIds: [userId] });
      return callId;
    };
    const [first, second] = await Promise.all([ringUp(a, boris.id), ringUp(b, anna.id)]);
    expect(first).toBe(second);
    const { call: state } = await a.requestCommand('call:get', { roomId });
    expect(state?.participants).toHaveLength(2);
    expect(state?.rings.filter(({ status }) => status === 'ringing')).toEqual([]);
  });

  it('in a direct room show the caller’s name, and end when the caller hangs up', async () => {
    const { all, anna, boris, b } = three;
    const roomId = all.rooms.createMemoryRoom(anna, { kind: 'direct' });
    all.rooms.addRoomMember(roomId, boris);
    const a = all.connectDevice(anna);
    await a.requestCommand('call:join', { roomId });
    const { rings } = await a.requestCommand('ring:start', { roomId });
    expect(rings).toMatchObject([{ kind: 'direct', roomName: 'anna', calleeId: boris.id }]);
    await a.requestCommand('call:leave', {});
    expect(b.lastReceivedRing(boris.id)).toMatchObject({ status: 'cancelled' });
  });

  it('reach everybody who is not in the call, including guests', async () => {
    const { all, roomId, ringId, boris, a, c } = three;
    const guest = all.rooms.createPerson('Uncle Vanya', { guest: true });
    all.rooms.addRoomMember(roomId, guest, 'guest');
    await join(c);
    const { rings } = await a.requestCommand('ring:start', { roomId, id: ringId });
    expect(rings.map(({ calleeId }) => calleeId)).toEqual([boris.id, guest.id]);
    const g = all.connectDevice(guest);
    expect((await g.requestCommand('ring:list', {})).rings).toMatchObject([{ id: ringId, calleeId: guest.id }]);
    await g.requestCommand('ring:reach', { roomId, ringId });
    expect((await answer(g, 'ring:accept')).status).toBe('accepted');
  });

  it('are silent and missed at once for users with do-not-disturb, in this room or everywhere', async () => {
    const { all, roomId, boris, clara, a, b } = three;
    boris.doNotDisturb = true;
    all.rooms.enableDoNotDisturb(roomId, clara);
    const silent = { quiet: true, status: 'missed' };
    expect(await ring(a, boris, clara)).toMatchObject([silent, silent]);
    expect((await b.requestCommand('ring:list', {})).rings).toEqual([]);
    expect(all.entries.listEntryContents(roomId)).toMatchObject([{ callees: { length: 2 } }]);
  });

  it('accept user ids in upper and lower case', async () => {
    const { roomId, ringId, boris, clara, a, b } = three;
    const userIds = [boris.id.toUpperCase(), clara.id];
    const { rings } = await a.requestCommand('ring:start', { roomId, id: ringId, userIds });
    expect(rings.map(({ calleeId }) => calleeId)).toEqual([boris.id, clara.id]);
    await a.requestCommand('ring:cancel', { roomId, ringId, userId: boris.id.toUpperCase() });
    expect(b.lastReceivedRing(boris.id)).toMatchObject({ status: 'cancelled' });
    expect((await a.requestCommand('ring:list', {})).rings).toMatchObject([{ calleeId: clara.id }]);
  });

  it('show only to caller and callee whether the callee is busy or quiet, and how many devices ring', async () => {
    const { all, roomId, ringId, anna, boris, a, b, c } = three;
    const dora = all.rooms.createPerson('dora');
    all.rooms.addRoomMember(roomId, dora);
    dora.doNotDisturb = true;
    const second = all.connectDevice(anna);
    await b.requestCommand('call:join', { roomId: all.rooms.createMemoryRoom(boris) });
    await ring(a, boris, dora);
    await b.requestCommand('ring:reach', { roomId, ringId });
    await answer(b, 'ring:hold');
    await join(c);
    const { rings: again } = await c.requestCommand('ring:start', { roomId, id: randomUUID(), userIds: [boris.id] });
    await answer(b, 'ring:decline');
    const ringsSentTo = (device: Device): Ring[] =>
      device.receivedCallChanges().flatMap((change) => (change.type === 'ring' ? [change.ring] : []));
    const fullRings = [
      { calleeId: boris.id, status: 'ringing', busy: true, devices: 0 },
      { calleeId: dora.id, status: 'missed', quiet: true },
      { calleeId: boris.id, status: 'ringing', busy: true, devices: 1 },
      { calleeId: boris.id, status: 'ringing', busy: true, devices: 1, waiting: true },
      { calleeId: boris.id, status: 'declined', busy: true },
    ];
    for (const device of [a, second]) expect(ringsSentTo(device)).toMatchObject(fullRings);
    const hidden = { busy: false, quiet: false, devices: 0, waiting: false };
    const redacted = fullRings.map(({ calleeId, status }) => ({ callerId: anna.id, calleeId, status, ...hidden }));
    expect(ringsSentTo(c)).toMatchObject(redacted);
    // Reading the state shows no more, and neither does ringing the same callee.
    expect(again).toMatchObject([redacted[3]]);
    const latest = [4, 1];
    expect((await call(a))?.rings).toMatchObject(latest.map((i) => fullRings[i]));
    expect((await call(c))?.rings).toMatchObject(latest.map((i) => redacted[i]));
    expect((await c.requestCommand('room:open', { roomId })).call?.rings).toMatchObject(latest.map((i) => redacted[i]));
    await c.requestCommand('call:leave', {});
    expect((await join(c)).rings).toMatchObject(latest.map((i) => redacted[i]));
  });

  it('do not get past a block in either direction, and look like do-not-disturb to a blocked caller', async () => {
    const { all, roomId, anna, boris, clara, a, b } = three;
    boris.blocked.add(anna.id);
    anna.blocked.add(clara.id);
    expect(await a.requestRefusalCode('ring:start', { roomId, userIds: [clara.id] })).toBe('user_blocked');
    // A blocked caller does not learn either that the callee is in another call, as other callers would.
    await b.requestCommand('call:join', { roomId: all.rooms.createMemoryRoom(boris) });
    const silent = { rings: [{ calleeId: boris.id, quiet: true, busy: false, status: 'missed' }] };
    expect(await a.requestCommand('ring:start', { roomId, userIds: [boris.id] })).toMatchObject(silent);
    expect(await a.requestCommand('ring:start', { roomId })).toMatchObject(silent);
  });

  it('are started once by a repeated command, and a callee has one ring at a time', async () => {
    const { roomId, ringId, anna, boris, clara, a, b, c } = three;
    await ring(a, boris);
    expect(await ring(a, boris)).toMatchObject([{ id: ringId, version: 2 }]);
    await join(c);
    const other = await c.requestCommand('ring:start', { roomId, id: randomUUID(), userIds: [boris.id] });
    expect(other.rings).toMatchObject([{ id: ringId, callerId: anna.id }]);
    await answer(b, 'ring:decline');
    expect(await ring(a, boris)).toMatchObject([{ id: ringId, status: 'declined' }]);
    const again = await c.requestCommand('ring:start', { roomId, userIds: [boris.id] });
    expect(again.rings).toMatchObject([{ callerId: clara.id, status: 'ringing' }]);
    const versions = a.receivedEvents('call:changed').map(({ version }) => version);
    expect(versions).toEqual(versions.map((_, i) => i + 1));
  });

  it('have an id that cannot be used again in a later call', async () => {
    const { roomId, ringId, boris, clara, a } = three;
    await ring(a, boris);
    await a.requestCommand('call:leave', {});
    await join(a);
    for (const { id } of [boris, clara]) {
      expect(await a.requestRefusalCode('ring:start', { roomId, id: ringId, userIds: [id] })).toBe('id_taken');
    }
  });

  it('can be started only from within the call and for members, and are answered only by the callee', async () => {
    const { all, roomId, ringId, boris, a, b, c } = three;
    expect(await c.requestRefusalCode('ring:start', { roomId, userIds: [boris.id] })).toBe('not_in_call');
    const stranger = all.rooms.createPerson('stranger');
    expect(await a.requestRefusalCode('ring:start', { roomId, userIds: [stranger.id] })).toBe('member_not_found');
    const s = all.connectDevice(stranger);
    expect(await s.requestRefusalCode('ring:start', { roomId })).toBe('room_not_found');
    await ring(a, boris);
    const ref = { roomId, ringId };
    for (const command of ['ring:accept', 'ring:decline', 'ring:hold', 'ring:reach', 'ring:cancel'] as const) {
      expect(await s.requestRefusalCode(command, ref)).toBe('room_not_found');
      expect(await c.requestRefusalCode(command, ref)).toBe('ring_not_found');
    }
    expect(await b.requestRefusalCode('ring:cancel', ref)).toBe('ring_not_found');
    expect(await a.requestRefusalCode('ring:accept', ref)).toBe('ring_not_found');
    await answer(b, 'ring:decline');
    expect(await b.requestRefusalCode('ring:hold', ref)).toBe('ring_over');
    expect(await b.requestRefusalCode('ring:reach', ref)).toBe('ring_over');
  });

  it('of a callee who does not answer are refused after three in a minute, and allowed again later', async () => {
    const { all, roomId, boris, a } = three;
    const attempt = async (): Promise<void> => {
      const id = randomUUID();
      await a.requestCommand('ring:start', { roomId, id, userIds: [boris.id] });
      await a.requestCommand('ring:cancel', { roomId, ringId: id });
    };
    const { limit, seconds } = LIMITS_BY_NAME['ring:pair'];
    for (let i = 0; i < limit; i++) await attempt();
    const { code, details } = await a.requestRefusal('ring:start', { roomId, userIds: [boris.id] });
    expect([code, details]).toEqual(['too_many_requests', { retryAfterSeconds: seconds }]);
    await all.advanceTime(seconds * 1000);
    await attempt();
  });
});
