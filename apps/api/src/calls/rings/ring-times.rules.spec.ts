import { randomUUID } from 'node:crypto';
import { SEAT_LEASE } from '@webcall/contracts';
import { HOLD_TIME, RING_TIME } from '@webcall/domain';
import { RingTerms } from './ring-terms';
import { NOTICE, ThreeInARoom } from '../testing/three-in-a-room';

const three = ThreeInARoom.use();
const { join, ring, answer } = three;
const status = (userId: string): string | undefined => three.a.ring(userId)?.status;
/** Whose rings still have time, of all three. */
const running = (): Promise<string[][]> =>
  three.all.get(RingTerms).leases.members([three.anna, three.boris, three.clara].map(({ id }) => id));

beforeEach(() => join(three.a));

describe('the time of a ring', () => {
  it('is forty-five seconds: who has not answered by then has missed it, and the room says so', async () => {
    const { all, roomId, ringId, boris, a, b } = three;
    await ring(a, boris);
    await all.pass(RING_TIME - 1);
    expect([RING_TIME, status(boris.id)]).toEqual([45_000, 'ringing']);
    expect(all.entries.of(roomId)).toEqual([]);
    await all.pass(NOTICE);
    for (const device of [a, b]) expect(device.ring(boris.id)).toMatchObject({ status: 'missed', devices: 0 });
    const callees = [{ userId: boris.id, name: boris.name, status: 'missed' }];
    expect(all.entries.of(roomId)).toEqual([expect.objectContaining({ type: 'ring', callees })]);
    expect(all.rings.of(ringId)).toEqual({ [boris.id]: 'missed' });
    expect(await b.refusal('ring:accept', { roomId, ringId })).toBe('ring_over');
  });

  it('is each callee’s own', async () => {
    const { all, boris, clara, a } = three;
    await ring(a, boris);
    await all.pass(RING_TIME / 2);
    const later = randomUUID();
    await a.ask('ring:start', { roomId: three.roomId, id: later, userIds: [clara.id] });
    await all.pass(RING_TIME / 2 + NOTICE);
    expect([boris, clara].map(({ id }) => status(id))).toEqual(['missed', 'ringing']);
    await all.pass(RING_TIME / 2);
    expect(status(clara.id)).toBe('missed');
  });

  it('does not begin anew when one says again that somebody is to be rung', async () => {
    const { all, boris, a } = three;
    await ring(a, boris);
    await all.pass(RING_TIME - 1);
    await ring(a, boris);
    await all.pass(NOTICE);
    expect(status(boris.id)).toBe('missed');
  });

  it('goes on for a device that has been reached, and for one that was lost', async () => {
    const { all, roomId, ringId, boris, a, b } = three;
    await ring(a, boris);
    await b.ask('ring:reach', { roomId, ringId });
    expect(a.ring(boris.id)).toMatchObject({ devices: 1 });
    await b.cut();
    expect(a.ring(boris.id)).toMatchObject({ devices: 0, status: 'ringing' });
    const back = all.again(b);
    await back.ask('ring:reach', { roomId, ringId });
    expect(a.ring(boris.id)).toMatchObject({ devices: 1 });
    await all.pass(RING_TIME + NOTICE);
    expect(back.ring(boris.id)).toMatchObject({ devices: 0, status: 'missed' });
  });

  it('is longer for who was asked to hold on by somebody in another call, which goes on', async () => {
    const { all, boris, a, b } = three;
    const elsewhere = all.rooms.newRoom(boris);
    await b.ask('call:join', { roomId: elsewhere });
    expect(await ring(a, boris)).toMatchObject([{ busy: true, status: 'ringing' }]);
    await all.pass(RING_TIME - 1);
    expect(await answer(b, 'ring:hold')).toMatchObject({ waiting: true });
    expect(a.ring(boris.id)).toMatchObject({ waiting: true });
    await all.pass(HOLD_TIME - 1);
    expect(status(boris.id)).toBe('ringing');
    await all.pass(NOTICE);
    expect(status(boris.id)).toBe('missed');
    await b.ask('call:update', { media: {} });
  });

  it('does not grow when one asks twice to hold on', async () => {
    const { all, boris, a, b } = three;
    await ring(a, boris);
    await answer(b, 'ring:hold');
    await all.pass(HOLD_TIME - 1);
    await answer(b, 'ring:hold');
    await all.pass(NOTICE);
    expect(status(boris.id)).toBe('missed');
  });

  it('is as long again for who has accepted, and is missed if they never come', async () => {
    const { all, roomId, ringId, boris, a, b } = three;
    await ring(a, boris);
    await all.pass(RING_TIME - 1);
    await answer(b, 'ring:accept');
    await b.cut();
    await all.pass(RING_TIME - 1);
    expect(status(boris.id)).toBe('accepted');
    expect(all.entries.of(roomId)).toEqual([]);
    await all.pass(NOTICE);
    expect(status(boris.id)).toBe('missed');
    const callees = [{ userId: boris.id, name: boris.name, status: 'missed' }];
    expect(all.entries.of(roomId)).toEqual([expect.objectContaining({ type: 'ring', callees })]);
    expect(all.rings.of(ringId)).toEqual({ [boris.id]: 'missed' });
  });

  it('is over for who has accepted and come', async () => {
    const { all, boris, a, b } = three;
    await ring(a, boris);
    await answer(b, 'ring:accept');
    await join(b);
    await all.pass(3 * RING_TIME);
    expect(status(boris.id)).toBe('accepted');
  });

  it('ends with the seat of the caller, whose tab was closed', async () => {
    const { all, roomId, ringId, boris, a, b } = three;
    await ring(a, boris);
    await b.ask('ring:reach', { roomId, ringId });
    await a.cut();
    await all.pass(SEAT_LEASE - 1);
    expect(b.ring(boris.id)).toMatchObject({ status: 'ringing' });
    await all.pass(NOTICE);
    expect(b.ring(boris.id)).toMatchObject({ status: 'cancelled' });
    expect(await three.call(all.again(a))).toBeNull();
    expect((await b.ask('ring:list', {})).rings).toEqual([]);
    const callees = [expect.objectContaining({ userId: boris.id, status: 'cancelled' })];
    expect(all.entries.of(roomId)).toEqual([expect.objectContaining({ type: 'ring', callees })]);
  });

  it('goes on while the caller’s tab comes back in time', async () => {
    const { all, roomId, boris, a, b } = three;
    const { participantId, resumeKey } = await join(a);
    await ring(a, boris);
    await a.cut();
    await all.pass(SEAT_LEASE - 1);
    await all.again(a).ask('call:resume', { roomId, participantId, resumeKey });
    await all.pass(SEAT_LEASE);
    expect(b.ring(boris.id)).toMatchObject({ status: 'ringing' });
  });

  it('runs no longer than the ring goes on, and not at all for one that is refused', async () => {
    const { all, roomId, boris, clara, a, b, c } = three;
    const start = async (): Promise<{ roomId: string; ringId: string }> => {
      const ref = { roomId, ringId: randomUUID() };
      await a.ask('ring:start', { roomId, id: ref.ringId });
      expect((await running()).flat()).toHaveLength(2);
      return ref;
    };
    await a.ask('ring:cancel', await start());
    expect(await running()).toEqual([[], [], []]);
    const ref = await start();
    await b.ask('ring:decline', ref);
    await c.ask('ring:accept', ref);
    expect(await running()).toEqual([[], [], [`${roomId} ${ref.ringId}`]]);
    await join(c);
    expect(await running()).toEqual([[], [], []]);
    all.rooms.setDoor(roomId, 'locked');
    expect(await c.refusal('ring:start', { roomId })).toBe('room_locked');
    for (const person of [boris, clara]) person.doNotDisturb = true;
    await a.ask('ring:start', { roomId });
    expect(await running()).toEqual([[], [], []]);
  });

  it('is no longer when an answer is refused, or said again', async () => {
    const { all, roomId, ringId, boris, a, b } = three;
    const phone = all.device(boris);
    await ring(a, boris);
    await answer(b, 'ring:accept');
    const started = jest.spyOn(all.get(RingTerms), 'start');
    expect(await phone.refusal('ring:accept', { roomId, ringId })).toBe('ring_over');
    expect(await phone.refusal('ring:accept', { roomId, ringId: randomUUID() })).toBe('ring_not_found');
    await answer(b, 'ring:accept');
    expect(started).not.toHaveBeenCalled();
  });
});

describe('what became of a ring', () => {
  it('is entered later when the database cannot do it at once', async () => {
    const { all, roomId, ringId, boris, a, b } = three;
    await ring(a, boris);
    all.entries.away = true;
    expect(await answer(b, 'ring:decline')).toMatchObject({ status: 'declined' });
    await all.pass(60_000);
    expect(all.rings.of(ringId)).toEqual({ [boris.id]: 'ringing' });
    all.entries.away = false;
    await all.pass(6000);
    expect(all.rings.of(ringId)).toEqual({ [boris.id]: 'declined' });
    const callees = [expect.objectContaining({ userId: boris.id, status: 'declined' })];
    expect(all.entries.of(roomId)).toEqual([expect.objectContaining({ type: 'ring', callees })]);
  });
});
