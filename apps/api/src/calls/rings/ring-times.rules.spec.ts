import { SEAT_LEASE_DURATION_MS } from '@webcall/contracts';
import { RING_DURATION_MS, RING_HOLD_MS } from '@webcall/domain';
import { randomUUID } from 'node:crypto';
import type { RingOfRoom } from '../core/call-leases';
import { LEASE_EXPIRY_NOTICE, ThreeInARoom } from '../testing/three-in-a-room';
import { RingDeadlines } from './ring-deadlines';

const three = ThreeInARoom.prepareEachTest();
const { join, ring, answer } = three;
const status = (userId: string): string | undefined => three.a.lastReceivedRing(userId)?.status;
/** The unexpired ring deadlines of each of the three users. */
const listRingDeadlines = (): Promise<RingOfRoom[][]> =>
  three.all
    .getProvider(RingDeadlines)
    .leases.listLivingMembers([three.anna, three.boris, three.clara].map(({ id }) => id));

beforeEach(() => join(three.a));

describe('the time of a ring', () => {
  it('is 45 seconds: a callee who has not answered by then has missed it, and the room gets an entry', async () => {
    const { all, roomId, ringId, boris, a, b } = three;
    await ring(a, boris);
    await all.advanceTime(RING_DURATION_MS - 1);
    expect([RING_DURATION_MS, status(boris.id)]).toEqual([45_000, 'ringing']);
    expect(all.entries.listEntryContents(roomId)).toEqual([]);
    await all.advanceTime(LEASE_EXPIRY_NOTICE);
    for (const device of [a, b])
      expect(device.lastReceivedRing(boris.id)).toMatchObject({ status: 'missed', devices: 0 });
    const callees = [{ userId: boris.id, name: boris.name, status: 'missed' }];
    expect(all.entries.listEntryContents(roomId)).toEqual([expect.objectContaining({ type: 'ring', callees })]);
    expect(all.rings.ringStatusesByCallee(ringId)).toEqual({ [boris.id]: 'missed' });
    expect(await b.requestRefusalCode('ring:accept', { roomId, ringId })).toBe('ring_over');
  });

  it('runs for each callee separately', async () => {
    const { all, boris, clara, a } = three;
    await ring(a, boris);
    await all.advanceTime(RING_DURATION_MS / 2);
    const later = randomUUID();
    await a.requestCommand('ring:start', { roomId: three.roomId, id: later, userIds: [clara.id] });
    await all.advanceTime(RING_DURATION_MS / 2 + LEASE_EXPIRY_NOTICE);
    expect([boris, clara].map(({ id }) => status(id))).toEqual(['missed', 'ringing']);
    await all.advanceTime(RING_DURATION_MS / 2);
    expect(status(clara.id)).toBe('missed');
  });

  it('does not start again when the caller repeats the command', async () => {
    const { all, boris, a } = three;
    await ring(a, boris);
    await all.advanceTime(RING_DURATION_MS - 1);
    await ring(a, boris);
    await all.advanceTime(LEASE_EXPIRY_NOTICE);
    expect(status(boris.id)).toBe('missed');
  });

  it('goes on when a device starts ringing and when it disconnects', async () => {
    const { all, roomId, ringId, boris, a, b } = three;
    await ring(a, boris);
    await b.requestCommand('ring:reach', { roomId, ringId });
    expect(a.lastReceivedRing(boris.id)).toMatchObject({ devices: 1 });
    await b.cutConnection();
    expect(a.lastReceivedRing(boris.id)).toMatchObject({ devices: 0, status: 'ringing' });
    const back = all.reconnectDevice(b);
    await back.requestCommand('ring:reach', { roomId, ringId });
    expect(a.lastReceivedRing(boris.id)).toMatchObject({ devices: 1 });
    await all.advanceTime(RING_DURATION_MS + LEASE_EXPIRY_NOTICE);
    expect(back.lastReceivedRing(boris.id)).toMatchObject({ devices: 0, status: 'missed' });
  });

  it('is extended when a callee in another call asks the caller to hold on, and that call goes on', async () => {
    const { all, boris, a, b } = three;
    const elsewhere = all.rooms.createMemoryRoom(boris);
    await b.requestCommand('call:join', { roomId: elsewhere });
    expect(await ring(a, boris)).toMatchObject([{ busy: true, status: 'ringing' }]);
    await all.advanceTime(RING_DURATION_MS - 1);
    expect(await answer(b, 'ring:hold')).toMatchObject({ waiting: true });
    expect(a.lastReceivedRing(boris.id)).toMatchObject({ waiting: true });
    await all.advanceTime(RING_HOLD_MS - 1);
    expect(status(boris.id)).toBe('ringing');
    await all.advanceTime(LEASE_EXPIRY_NOTICE);
    expect(status(boris.id)).toBe('missed');
    await b.requestCommand('call:update', { media: {} });
  });

  it('is not extended again when the callee asks twice to hold on', async () => {
    const { all, boris, a, b } = three;
    await ring(a, boris);
    await answer(b, 'ring:hold');
    await all.advanceTime(RING_HOLD_MS - 1);
    await answer(b, 'ring:hold');
    await all.advanceTime(LEASE_EXPIRY_NOTICE);
    expect(status(boris.id)).toBe('missed');
  });

  it('starts again when the callee accepts, and the ring is missed if they never join', async () => {
    const { all, roomId, ringId, boris, a, b } = three;
    await ring(a, boris);
    await all.advanceTime(RING_DURATION_MS - 1);
    await answer(b, 'ring:accept');
    await b.cutConnection();
    await all.advanceTime(RING_DURATION_MS - 1);
    expect(status(boris.id)).toBe('accepted');
    expect(all.entries.listEntryContents(roomId)).toEqual([]);
    await all.advanceTime(LEASE_EXPIRY_NOTICE);
    expect(status(boris.id)).toBe('missed');
    const callees = [{ userId: boris.id, name: boris.name, status: 'missed' }];
    expect(all.entries.listEntryContents(roomId)).toEqual([expect.objectContaining({ type: 'ring', callees })]);
    expect(all.rings.ringStatusesByCallee(ringId)).toEqual({ [boris.id]: 'missed' });
  });

  it('no longer matters for a callee who has accepted and joined', async () => {
    const { all, boris, a, b } = three;
    await ring(a, boris);
    await answer(b, 'ring:accept');
    await join(b);
    await all.advanceTime(3 * RING_DURATION_MS);
    expect(status(boris.id)).toBe('accepted');
  });

  it('ends when the lease of the caller’s seat expires after their tab was closed', async () => {
    const { all, roomId, ringId, boris, a, b } = three;
    await ring(a, boris);
    await b.requestCommand('ring:reach', { roomId, ringId });
    await a.cutConnection();
    await all.advanceTime(SEAT_LEASE_DURATION_MS - 1);
    expect(b.lastReceivedRing(boris.id)).toMatchObject({ status: 'ringing' });
    await all.advanceTime(LEASE_EXPIRY_NOTICE);
    expect(b.lastReceivedRing(boris.id)).toMatchObject({ status: 'cancelled' });
    expect(await three.call(all.reconnectDevice(a))).toBeNull();
    expect((await b.requestCommand('ring:list', {})).rings).toEqual([]);
    const callees = [expect.objectContaining({ userId: boris.id, status: 'cancelled' })];
    expect(all.entries.listEntryContents(roomId)).toEqual([expect.objectContaining({ type: 'ring', callees })]);
  });

  it('goes on when the caller’s tab reconnects in time', async () => {
    const { all, roomId, boris, a, b } = three;
    const { participantId, resumeKey } = await join(a);
    await ring(a, boris);
    await a.cutConnection();
    await all.advanceTime(SEAT_LEASE_DURATION_MS - 1);
    await all.reconnectDevice(a).requestCommand('call:resume', { roomId, participantId, resumeKey });
    await all.advanceTime(SEAT_LEASE_DURATION_MS);
    expect(b.lastReceivedRing(boris.id)).toMatchObject({ status: 'ringing' });
  });

  it('ends with the ring, and never starts for a refused ring', async () => {
    const { all, roomId, boris, clara, a, b, c } = three;
    const start = async (): Promise<{ roomId: string; ringId: string }> => {
      const ref = { roomId, ringId: randomUUID() };
      await a.requestCommand('ring:start', { roomId, id: ref.ringId });
      expect((await listRingDeadlines()).flat()).toHaveLength(2);
      return ref;
    };
    await a.requestCommand('ring:cancel', await start());
    expect(await listRingDeadlines()).toEqual([[], [], []]);
    const ref = await start();
    await b.requestCommand('ring:decline', ref);
    await c.requestCommand('ring:accept', ref);
    expect(await listRingDeadlines()).toEqual([[], [], [{ roomId, ringId: ref.ringId }]]);
    await join(c);
    expect(await listRingDeadlines()).toEqual([[], [], []]);
    all.rooms.setRoomDoor(roomId, 'locked');
    expect(await c.requestRefusalCode('ring:start', { roomId })).toBe('room_locked');
    for (const person of [boris, clara]) person.doNotDisturb = true;
    await a.requestCommand('ring:start', { roomId });
    expect(await listRingDeadlines()).toEqual([[], [], []]);
  });

  it('is not restarted by a refused or repeated answer', async () => {
    const { all, roomId, ringId, boris, a, b } = three;
    const phone = all.connectDevice(boris);
    await ring(a, boris);
    await answer(b, 'ring:accept');
    const startRingDeadlines = jest.spyOn(all.getProvider(RingDeadlines), 'startRingDeadlines');
    expect(await phone.requestRefusalCode('ring:accept', { roomId, ringId })).toBe('ring_over');
    expect(await phone.requestRefusalCode('ring:accept', { roomId, ringId: randomUUID() })).toBe('ring_not_found');
    await answer(b, 'ring:accept');
    expect(startRingDeadlines).not.toHaveBeenCalled();
  });
});

describe('the outcome of a ring', () => {
  it('is recorded later if the database is unavailable at first', async () => {
    const { all, roomId, ringId, boris, a, b } = three;
    await ring(a, boris);
    all.entries.isUnavailable = true;
    expect(await answer(b, 'ring:decline')).toMatchObject({ status: 'declined' });
    await all.advanceTime(60_000);
    expect(all.rings.ringStatusesByCallee(ringId)).toEqual({ [boris.id]: 'ringing' });
    all.entries.isUnavailable = false;
    await all.advanceTime(6000);
    expect(all.rings.ringStatusesByCallee(ringId)).toEqual({ [boris.id]: 'declined' });
    const callees = [expect.objectContaining({ userId: boris.id, status: 'declined' })];
    expect(all.entries.listEntryContents(roomId)).toEqual([expect.objectContaining({ type: 'ring', callees })]);
  });
});
