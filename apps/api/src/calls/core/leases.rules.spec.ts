import { SEAT_LEASE_DURATION_MS } from '@webcall/contracts';
import { AppError } from '../../platform/http/app-error';
import { LEASE_EXPIRY_NOTICE, ThreeInARoom } from '../testing/three-in-a-room';
import { LiveCalls } from './live-calls';

const three = ThreeInARoom.prepareEachTest();
const { join, resume, call, participants } = three;

describe('a seat without a socket', () => {
  it('is freed when its lease expires, and not before, while seats with a socket stay', async () => {
    const { all, roomId, boris, a, b } = three;
    const { participantId, resumeKey } = await join(a);
    await join(b);
    await a.cutConnection();
    expect(b.receivedCallChanges().at(-1)).toMatchObject({
      type: 'updated',
      participant: { id: participantId, connected: false },
    });
    await all.advanceTime(SEAT_LEASE_DURATION_MS - 1);
    expect((await call(b))?.participants).toHaveLength(2);
    await all.advanceTime(LEASE_EXPIRY_NOTICE);
    expect(b.receivedCallChanges().at(-1)).toEqual({ type: 'left', participantId, reason: 'lost' });
    expect((await call(b))?.participants).toMatchObject([{ userId: boris.id }]);
    await b.requestCommand('call:update', { media: { camera: true } });
    const back = all.reconnectDevice(a);
    expect(await back.requestRefusalCode('call:resume', { roomId, participantId, resumeKey })).toBe(
      'participant_not_found',
    );
  });

  it('is kept for a device that reconnects just in time, for as long as that stays connected', async () => {
    const { all, a, b } = three;
    const seat = await join(a, { microphone: true });
    await join(b);
    await a.cutConnection();
    await all.advanceTime(SEAT_LEASE_DURATION_MS - 1);
    const back = all.reconnectDevice(a);
    expect(await resume(back, seat)).toMatchObject({ participantId: seat.participantId, version: 4 });
    await all.advanceTime(10 * SEAT_LEASE_DURATION_MS);
    const [anna] = await participants();
    expect(anna).toMatchObject({
      id: seat.participantId,
      connected: true,
      incarnation: 0,
      media: { microphone: true },
    });
  });

  it('has the full lease again each time its socket is lost', async () => {
    const { all, a, b } = three;
    const seat = await join(a);
    await join(b);
    await a.cutConnection();
    await all.advanceTime(SEAT_LEASE_DURATION_MS - 1);
    const back = all.reconnectDevice(a);
    await resume(back, seat);
    await back.cutConnection();
    await all.advanceTime(SEAT_LEASE_DURATION_MS - 1);
    expect(await participants()).toHaveLength(2);
    await all.advanceTime(LEASE_EXPIRY_NOTICE);
    expect(await participants()).toHaveLength(1);
  });

  it.each(['call:join', 'call:resume'] as const)('is also freed after a failed %s', async (command) => {
    const { all, roomId, a, b } = three;
    const { participantId, resumeKey } = await join(a);
    await join(b);
    const compareAndSet = jest.spyOn(all.getProvider(LiveCalls), 'compareAndSet');
    compareAndSet.mockImplementation(() => Promise.reject(new AppError('unavailable')));
    expect(await a.requestRefusalCode(command, { roomId, participantId, resumeKey })).toBe('unavailable');
    compareAndSet.mockRestore();
    await a.requestCommand('call:update', { media: { camera: true } });
    await a.cutConnection();
    await all.advanceTime(SEAT_LEASE_DURATION_MS + LEASE_EXPIRY_NOTICE);
    expect(b.receivedCallChanges().at(-1)).toEqual({ type: 'left', participantId, reason: 'lost' });
  });

  it('is also freed after the same socket has resumed it twice', async () => {
    const { all, a, b } = three;
    const seat = await join(a);
    await join(b);
    await resume(a, seat);
    await resume(a, seat);
    await a.cutConnection();
    await all.advanceTime(SEAT_LEASE_DURATION_MS + LEASE_EXPIRY_NOTICE);
    expect(b.receivedCallChanges().at(-1)).toEqual({ type: 'left', participantId: seat.participantId, reason: 'lost' });
  });

  it('is not freed when its former socket disconnects after another one has taken it over', async () => {
    const { all, a, b } = three;
    const seat = await join(a);
    await join(b);
    await resume(all.reconnectDevice(a), seat);
    await a.cutConnection();
    await all.advanceTime(10 * SEAT_LEASE_DURATION_MS);
    expect((await participants()).map(({ connected }) => connected)).toEqual([true, true]);
  });

  it('is freed at once when the session is over', async () => {
    const { a, b } = three;
    const { participantId } = await join(a);
    await join(b);
    await a.endDeviceSession();
    expect(b.receivedCallChanges().at(-1)).toEqual({ type: 'left', participantId, reason: 'removed' });
  });

  it('ends the call and its rows when it was the last seat', async () => {
    const { all, a, b } = three;
    const { callId, participantId } = await join(a);
    await a.cutConnection();
    await all.advanceTime(SEAT_LEASE_DURATION_MS + LEASE_EXPIRY_NOTICE);
    expect(b.receivedCallChanges().slice(-2)).toEqual([
      { type: 'left', participantId, reason: 'lost' },
      { type: 'ended' },
    ]);
    expect(await call(b)).toBeNull();
    expect(all.calls.calls).toMatchObject([{ callId, endedAt: expect.any(Number) }]);
    expect(all.calls.participants).toMatchObject([{ id: participantId, leftAt: expect.any(Number) }]);
  });

  it('does not end the call of a direct room when its lease expires', async () => {
    const { all, anna, boris } = three;
    const roomId = all.rooms.createMemoryRoom(anna, { kind: 'direct' });
    all.rooms.addRoomMember(roomId, boris);
    const [a, b] = [all.connectDevice(anna), all.connectDevice(boris)];
    for (const device of [a, b]) await device.requestCommand('call:join', { roomId });
    await a.cutConnection();
    await all.advanceTime(SEAT_LEASE_DURATION_MS + LEASE_EXPIRY_NOTICE);
    expect((await b.requestCommand('call:get', { roomId })).call?.participants).toMatchObject([{ userId: boris.id }]);
  });

  it('whose call was lost is noticed: the device is disconnected and takes a new seat', async () => {
    const { all, a } = three;
    const seat = await join(a);
    // Like a store that loses its data: no event is sent.
    await all.getProvider(LiveCalls)['live'].updateAtomically(three.roomId, () => ({ next: undefined, events: [] }));
    await all.advanceTime(SEAT_LEASE_DURATION_MS / 3 + LEASE_EXPIRY_NOTICE);
    expect(a.socket.connected).toBe(false);
    const back = all.reconnectDevice(a);
    const { participantId, resumeKey } = seat;
    const ref = { roomId: three.roomId, participantId, resumeKey };
    expect(await back.requestRefusalCode('call:resume', ref)).toBe('participant_not_found');
    expect(await join(back)).toMatchObject({ version: 1, participants: [] });
  });
});
