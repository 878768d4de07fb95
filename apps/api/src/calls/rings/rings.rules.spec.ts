import { randomUUID } from 'node:crypto';
import type { Ring } from '@webcall/domain';
import { LIMITS_BY_NAME } from '../../platform/throttling/limits';
import type { Device } from '../testing/device';
import { ThreeInARoom } from '../testing/three-in-a-room';

const three = ThreeInARoom.use();
const { join, ring, answer, call } = three;

beforeEach(() => join(three.a));

describe('rings', () => {
  it('are answered by joining the call', async () => {
    const { roomId, ringId, boris, a, b } = three;
    await ring(a, boris);
    await join(b);
    expect(a.ring(boris.id)).toMatchObject({ status: 'accepted' });
    expect(await b.refusal('ring:decline', { roomId, ringId })).toBe('ring_over');
  });

  it.each([
    ['accept', 'accepted'],
    ['decline', 'declined'],
  ] as const)('fall silent on all devices when one answers: %s', async (how, status) => {
    const { all, roomId, ringId, boris, a, b } = three;
    const phone = all.device(boris);
    await ring(a, boris);
    for (const device of [b, phone]) await device.ask('ring:reach', { roomId, ringId });
    expect(a.ring(boris.id)).toMatchObject({ devices: 2 });
    expect(await answer(phone, `ring:${how}`)).toMatchObject({ status, devices: 0 });
    for (const device of [a, b, phone]) expect(device.ring(boris.id)).toMatchObject({ status });
    expect(await b.refusal('ring:accept', { roomId, ringId })).toBe('ring_over');
    // Saying it again is the same answer.
    expect(await answer(phone, `ring:${how}`)).toMatchObject({ status });
  });

  it('are accepted by one device only, however many do so in the same moment', async () => {
    const { all, roomId, ringId, boris, a } = three;
    const phones = Array.from({ length: 4 }, () => all.device(boris));
    await ring(a, boris);
    const accept = (phone: Device) => phone.ask('ring:accept', { roomId, ringId });
    const outcomes = await Promise.allSettled(phones.map(accept));
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
    expect(a.events('ring:changed').map((event) => event.ring.status)).toEqual(['ringing', 'accepted']);
  });

  it('are missed when the caller has gone before the device that accepted them came', async () => {
    const { all, roomId, boris, a, b } = three;
    await ring(a, boris);
    await answer(b, 'ring:accept');
    await a.ask('call:leave', {});
    expect(b.ring(boris.id)).toMatchObject({ status: 'missed' });
    const callees = [expect.objectContaining({ userId: boris.id, status: 'missed' })];
    expect(all.entries.of(roomId)).toEqual([expect.objectContaining({ type: 'ring', callees })]);
  });

  it('are cancelled: for one callee, or for all', async () => {
    const { all, roomId, ringId, boris, clara, a, b, c } = three;
    await ring(a, boris, clara);
    await a.ask('ring:cancel', { roomId, ringId, userId: boris.id });
    expect([b.ring(boris.id)?.status, c.ring(clara.id)?.status]).toEqual(['cancelled', 'ringing']);
    expect(all.entries.of(roomId)).toMatchObject([{ callees: { length: 1 } }]);
    await a.ask('ring:cancel', { roomId, ringId });
    expect(c.ring(clara.id)).toMatchObject({ status: 'cancelled' });
    // One entry for the whole ring, which has grown.
    expect(all.entries.of(roomId)).toMatchObject([{ callees: { length: 2 } }]);
  });

  it('end with the call', async () => {
    const { all, roomId, ringId, boris, clara, a, b, c } = three;
    await ring(a, boris, clara);
    await a.ask('call:leave', {});
    expect([b.ring(boris.id)?.status, c.ring(clara.id)?.status]).toEqual(['cancelled', 'cancelled']);
    expect(all.entries.of(roomId)).toMatchObject([{ callees: { length: 2 } }]);
    expect(await b.refusal('ring:accept', { roomId, ringId })).toBe('ring_not_found');
  });

  it('between two who call each other at the same moment make one call, and nobody rings', async () => {
    const { all, anna, boris, b } = three;
    const roomId = all.rooms.newRoom(anna);
    all.rooms.bringIn(roomId, boris);
    const a = all.device(anna);
    const ringUp = async (device: Device, userId: string): Promise<string> => {
      const { callId } = await device.ask('call:join', { roomId });
      await device.ask('ring:start', { roomId, id: randomUUID(), userIds: [userId] });
      return callId;
    };
    const [first, second] = await Promise.all([ringUp(a, boris.id), ringUp(b, anna.id)]);
    expect(first).toBe(second);
    const { call: state } = await a.ask('call:get', { roomId });
    expect(state?.participants).toHaveLength(2);
    expect(state?.rings.filter(({ status }) => status === 'ringing')).toEqual([]);
  });

  it('between the two of a direct room show who calls, and end with who hangs up', async () => {
    const { all, anna, boris, b } = three;
    const roomId = all.rooms.newRoom(anna, { kind: 'direct' });
    all.rooms.bringIn(roomId, boris);
    const a = all.device(anna);
    await a.ask('call:join', { roomId });
    const { rings } = await a.ask('ring:start', { roomId });
    expect(rings).toMatchObject([{ kind: 'direct', roomName: 'anna', calleeId: boris.id }]);
    await a.ask('call:leave', {});
    expect(b.ring(boris.id)).toMatchObject({ status: 'cancelled' });
  });

  it('reach everybody who is not in the call, guests too', async () => {
    const { all, roomId, ringId, boris, a, c } = three;
    const guest = all.rooms.newPerson('Uncle Vanya', { guest: true });
    all.rooms.bringIn(roomId, guest, 'guest');
    await join(c);
    const { rings } = await a.ask('ring:start', { roomId, id: ringId });
    expect(rings.map(({ calleeId }) => calleeId)).toEqual([boris.id, guest.id]);
    const g = all.device(guest);
    expect((await g.ask('ring:list', {})).rings).toMatchObject([{ id: ringId, calleeId: guest.id }]);
    await g.ask('ring:reach', { roomId, ringId });
    expect((await answer(g, 'ring:accept')).status).toBe('accepted');
  });

  it('stay silent for who does not want to be disturbed, here or at all: they are missed at once', async () => {
    const { all, roomId, boris, clara, a, b } = three;
    boris.doNotDisturb = true;
    all.rooms.keepQuiet(roomId, clara);
    const silent = { quiet: true, status: 'missed' };
    expect(await ring(a, boris, clara)).toMatchObject([silent, silent]);
    expect((await b.ask('ring:list', {})).rings).toEqual([]);
    expect(all.entries.of(roomId)).toMatchObject([{ callees: { length: 2 } }]);
  });

  it('take the ids of users in whichever case', async () => {
    const { roomId, ringId, boris, clara, a, b } = three;
    const userIds = [boris.id.toUpperCase(), clara.id];
    const { rings } = await a.ask('ring:start', { roomId, id: ringId, userIds });
    expect(rings.map(({ calleeId }) => calleeId)).toEqual([boris.id, clara.id]);
    await a.ask('ring:cancel', { roomId, ringId, userId: boris.id.toUpperCase() });
    expect(b.ring(boris.id)).toMatchObject({ status: 'cancelled' });
    expect((await a.ask('ring:list', {})).rings).toMatchObject([{ calleeId: clara.id }]);
  });

  it('tell nobody but the caller and the callee whether these are busy, quiet, or how many devices they have', async () => {
    const { all, roomId, ringId, anna, boris, a, b, c } = three;
    const dora = all.rooms.newPerson('dora');
    all.rooms.bringIn(roomId, dora);
    dora.doNotDisturb = true;
    const second = all.device(anna);
    await b.ask('call:join', { roomId: all.rooms.newRoom(boris) });
    await ring(a, boris, dora);
    await b.ask('ring:reach', { roomId, ringId });
    await answer(b, 'ring:hold');
    await join(c);
    const { rings: again } = await c.ask('ring:start', { roomId, id: randomUUID(), userIds: [boris.id] });
    await answer(b, 'ring:decline');
    const told = (device: Device): Ring[] =>
      device.changes().flatMap((change) => (change.type === 'ring' ? [change.ring] : []));
    const truth = [
      { calleeId: boris.id, status: 'ringing', busy: true, devices: 0 },
      { calleeId: dora.id, status: 'missed', quiet: true },
      { calleeId: boris.id, status: 'ringing', busy: true, devices: 1 },
      { calleeId: boris.id, status: 'ringing', busy: true, devices: 1, waiting: true },
      { calleeId: boris.id, status: 'declined', busy: true },
    ];
    for (const device of [a, second]) expect(told(device)).toMatchObject(truth);
    const nothing = { busy: false, quiet: false, devices: 0, waiting: false };
    const seen = truth.map(({ calleeId, status }) => ({ callerId: anna.id, calleeId, status, ...nothing }));
    expect(told(c)).toMatchObject(seen);
    // Whoever asks learns no more, and neither does who rings them too.
    expect(again).toMatchObject([seen[3]]);
    const settled = [4, 1];
    expect((await call(a))?.rings).toMatchObject(settled.map((i) => truth[i]));
    expect((await call(c))?.rings).toMatchObject(settled.map((i) => seen[i]));
    expect((await c.ask('room:open', { roomId })).call?.rings).toMatchObject(settled.map((i) => seen[i]));
    await c.ask('call:leave', {});
    expect((await join(c)).rings).toMatchObject(settled.map((i) => seen[i]));
  });

  it('do not pass a block, in whichever direction, and to who is blocked it is as if they were not to be disturbed', async () => {
    const { all, roomId, anna, boris, clara, a, b } = three;
    boris.blocked.add(anna.id);
    anna.blocked.add(clara.id);
    expect(await a.refusal('ring:start', { roomId, userIds: [clara.id] })).toBe('user_blocked');
    // Nor that they are in another call, which one who is not blocked is told.
    await b.ask('call:join', { roomId: all.rooms.newRoom(boris) });
    const silent = { rings: [{ calleeId: boris.id, quiet: true, busy: false, status: 'missed' }] };
    expect(await a.ask('ring:start', { roomId, userIds: [boris.id] })).toMatchObject(silent);
    expect(await a.ask('ring:start', { roomId })).toMatchObject(silent);
  });

  it('said twice ring once, and a callee has one ring at a time', async () => {
    const { roomId, ringId, anna, boris, clara, a, b, c } = three;
    await ring(a, boris);
    expect(await ring(a, boris)).toMatchObject([{ id: ringId, version: 2 }]);
    await join(c);
    const other = await c.ask('ring:start', { roomId, id: randomUUID(), userIds: [boris.id] });
    expect(other.rings).toMatchObject([{ id: ringId, callerId: anna.id }]);
    await answer(b, 'ring:decline');
    expect(await ring(a, boris)).toMatchObject([{ id: ringId, status: 'declined' }]);
    const again = await c.ask('ring:start', { roomId, userIds: [boris.id] });
    expect(again.rings).toMatchObject([{ callerId: clara.id, status: 'ringing' }]);
    const versions = a.events('call:changed').map(({ version }) => version);
    expect(versions).toEqual(versions.map((_, i) => i + 1));
  });

  it('have an id that is theirs in this call alone', async () => {
    const { roomId, ringId, boris, clara, a } = three;
    await ring(a, boris);
    await a.ask('call:leave', {});
    await join(a);
    for (const { id } of [boris, clara]) {
      expect(await a.refusal('ring:start', { roomId, id: ringId, userIds: [id] })).toBe('id_taken');
    }
  });

  it('are for members, from within the call, and answered by nobody else', async () => {
    const { all, roomId, ringId, boris, a, b, c } = three;
    expect(await c.refusal('ring:start', { roomId, userIds: [boris.id] })).toBe('not_in_call');
    const stranger = all.rooms.newPerson('stranger');
    expect(await a.refusal('ring:start', { roomId, userIds: [stranger.id] })).toBe('member_not_found');
    const s = all.device(stranger);
    expect(await s.refusal('ring:start', { roomId })).toBe('room_not_found');
    await ring(a, boris);
    const ref = { roomId, ringId };
    for (const command of ['ring:accept', 'ring:decline', 'ring:hold', 'ring:reach', 'ring:cancel'] as const) {
      expect(await s.refusal(command, ref)).toBe('room_not_found');
      expect(await c.refusal(command, ref)).toBe('ring_not_found');
    }
    expect(await b.refusal('ring:cancel', ref)).toBe('ring_not_found');
    expect(await a.refusal('ring:accept', ref)).toBe('ring_not_found');
    await answer(b, 'ring:decline');
    expect(await b.refusal('ring:hold', ref)).toBe('ring_over');
    expect(await b.refusal('ring:reach', ref)).toBe('ring_over');
  });

  it('of one who does not answer are refused after three in a minute, and allowed again after it', async () => {
    const { all, roomId, boris, a } = three;
    const attempt = async (): Promise<void> => {
      const id = randomUUID();
      await a.ask('ring:start', { roomId, id, userIds: [boris.id] });
      await a.ask('ring:cancel', { roomId, ringId: id });
    };
    const { limit, seconds } = LIMITS_BY_NAME['ring:pair'];
    for (let i = 0; i < limit; i++) await attempt();
    const { code, details } = await a.refused('ring:start', { roomId, userIds: [boris.id] });
    expect([code, details]).toEqual(['too_many_requests', { retryAfterSeconds: seconds }]);
    await all.pass(seconds * 1000);
    await attempt();
  });
});
