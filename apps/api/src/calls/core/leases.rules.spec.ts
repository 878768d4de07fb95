import { SEAT_LEASE } from '@webcall/contracts';
import { AppError } from '../../platform/http/app-error';
import { LiveCalls } from './live-calls';
import { NOTICE, ThreeInARoom } from '../testing/three-in-a-room';

const three = ThreeInARoom.use();
const { join, resume, call, participants } = three;

describe('a seat without a socket', () => {
  it('is freed when its lease has run out, and not before, while those with a socket stay', async () => {
    const { all, roomId, boris, a, b } = three;
    const { participantId, resumeKey } = await join(a);
    await join(b);
    await a.cut();
    expect(b.changes().at(-1)).toMatchObject({ type: 'updated', participant: { id: participantId, connected: false } });
    await all.pass(SEAT_LEASE - 1);
    expect((await call(b))?.participants).toHaveLength(2);
    await all.pass(NOTICE);
    expect(b.changes().at(-1)).toEqual({ type: 'left', participantId, reason: 'lost' });
    expect((await call(b))?.participants).toMatchObject([{ userId: boris.id }]);
    await b.ask('call:update', { media: { camera: true } });
    const back = all.again(a);
    expect(await back.refusal('call:resume', { roomId, participantId, resumeKey })).toBe('participant_not_found');
  });

  it('is the same for a device that comes back in the last moment, and is kept for as long as it stays', async () => {
    const { all, a, b } = three;
    const seat = await join(a, { microphone: true });
    await join(b);
    await a.cut();
    await all.pass(SEAT_LEASE - 1);
    const back = all.again(a);
    expect(await resume(back, seat)).toMatchObject({ participantId: seat.participantId, version: 4 });
    await all.pass(10 * SEAT_LEASE);
    const [anna] = await participants();
    expect(anna).toMatchObject({
      id: seat.participantId,
      connected: true,
      incarnation: 0,
      media: { microphone: true },
    });
  });

  it('runs out anew each time that its socket is lost', async () => {
    const { all, a, b } = three;
    const seat = await join(a);
    await join(b);
    await a.cut();
    await all.pass(SEAT_LEASE - 1);
    const back = all.again(a);
    await resume(back, seat);
    await back.cut();
    await all.pass(SEAT_LEASE - 1);
    expect(await participants()).toHaveLength(2);
    await all.pass(NOTICE);
    expect(await participants()).toHaveLength(1);
  });

  it.each(['call:join', 'call:resume'] as const)('is freed also after a %s that failed', async (command) => {
    const { all, roomId, a, b } = three;
    const { participantId, resumeKey } = await join(a);
    await join(b);
    const taking = jest.spyOn(all.get(LiveCalls), 'take');
    taking.mockImplementation(() => Promise.reject(new AppError('unavailable')));
    expect(await a.refusal(command, { roomId, participantId, resumeKey })).toBe('unavailable');
    taking.mockRestore();
    await a.ask('call:update', { media: { camera: true } });
    await a.cut();
    await all.pass(SEAT_LEASE + NOTICE);
    expect(b.changes().at(-1)).toEqual({ type: 'left', participantId, reason: 'lost' });
  });

  it('is freed also when it was taken twice by the same socket', async () => {
    const { all, a, b } = three;
    const seat = await join(a);
    await join(b);
    await resume(a, seat);
    await resume(a, seat);
    await a.cut();
    await all.pass(SEAT_LEASE + NOTICE);
    expect(b.changes().at(-1)).toEqual({ type: 'left', participantId: seat.participantId, reason: 'lost' });
  });

  it('is not freed by the end of a socket that has handed it on', async () => {
    const { all, a, b } = three;
    const seat = await join(a);
    await join(b);
    await resume(all.again(a), seat);
    await a.cut();
    await all.pass(10 * SEAT_LEASE);
    expect((await participants()).map(({ connected }) => connected)).toEqual([true, true]);
  });

  it('is freed at once when the session is over', async () => {
    const { a, b } = three;
    const { participantId } = await join(a);
    await join(b);
    await a.end();
    expect(b.changes().at(-1)).toEqual({ type: 'left', participantId, reason: 'removed' });
  });

  it('ends the call when it was the last, and its rows with it', async () => {
    const { all, a, b } = three;
    const { callId, participantId } = await join(a);
    await a.cut();
    await all.pass(SEAT_LEASE + NOTICE);
    expect(b.changes().slice(-2)).toEqual([{ type: 'left', participantId, reason: 'lost' }, { type: 'ended' }]);
    expect(await call(b)).toBeNull();
    expect(all.calls.calls).toMatchObject([{ callId, endedAt: expect.any(Number) }]);
    expect(all.calls.participants).toMatchObject([{ id: participantId, leftAt: expect.any(Number) }]);
  });

  it('leaves the call to those who are in it: the one of a direct room goes on', async () => {
    const { all, anna, boris } = three;
    const roomId = all.rooms.newRoom(anna, { kind: 'direct' });
    all.rooms.bringIn(roomId, boris);
    const [a, b] = [all.device(anna), all.device(boris)];
    for (const device of [a, b]) await device.ask('call:join', { roomId });
    await a.cut();
    await all.pass(SEAT_LEASE + NOTICE);
    expect((await b.ask('call:get', { roomId })).call?.participants).toMatchObject([{ userId: boris.id }]);
  });

  it('whose call is no more is noticed: the device loses its connection, and takes a new one', async () => {
    const { all, a } = three;
    const seat = await join(a);
    // As a store does that has lost its data: it tells nobody.
    await all.get(LiveCalls)['live'].update(three.roomId, () => ({ next: undefined, events: [] }));
    await all.pass(SEAT_LEASE / 3 + NOTICE);
    expect(a.socket.connected).toBe(false);
    const back = all.again(a);
    const { participantId, resumeKey } = seat;
    const ref = { roomId: three.roomId, participantId, resumeKey };
    expect(await back.refusal('call:resume', ref)).toBe('participant_not_found');
    expect(await join(back)).toMatchObject({ version: 1, participants: [] });
  });
});
