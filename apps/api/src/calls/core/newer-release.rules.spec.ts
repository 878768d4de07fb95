import { SEAT_LEASE_DURATION_MS } from '@webcall/contracts';
import { register } from 'prom-client';
import { LiveStore } from '../../platform/live/live-store';
import { CALL_METRICS } from '../records/call-metrics';
import { ThreeInARoom } from '../testing/three-in-a-room';
import { ROOM_SYNC_INTERVAL_MS } from './call-room-sync';
import type { LiveCall } from './live-calls';

const three = ThreeInARoom.prepareEachTest();
const { join, ring } = three;

/** The live state as a release that stores calls in another shape has it. */
const newerRelease = () =>
  three.all.getProvider(LiveStore).createLiveState<LiveCall, object>('calls', {
    writesVersion: 1000,
    readsUpTo: 1000,
    encode: (live) => ({ inAnotherShape: live }),
    decode: (stored) => ('inAnotherShape' in stored ? (stored.inAnotherShape as LiveCall) : (stored as LiveCall)),
  });

const countUnreadable = async (): Promise<number> =>
  (await register.getSingleMetric(CALL_METRICS.unreadable)!.get()).values[0]?.value ?? 0;

/** A newer release changes the call. */
const takeOver = () =>
  newerRelease().updateAtomically(three.roomId, (live) => (live ? { next: live, events: [] } : undefined));

it('does not keep other calls from being compared with their rooms', async () => {
  const { all, a, clara, c } = three;
  await join(a);
  const other = all.rooms.createMemoryRoom(clara);
  await c.requestCommand('call:join', { roomId: other });
  await takeOver();
  // A change whose event was lost.
  Object.assign(clara, { name: 'clarissa' });
  await all.advanceTime(ROOM_SYNC_INTERVAL_MS);
  const { call } = await c.requestCommand('call:get', { roomId: other });
  expect(call?.participants).toMatchObject([{ name: 'clarissa' }]);
});

it('refuses every command about a call that a newer release has changed', async () => {
  const { all, roomId, a, b, c, clara } = three;
  const seat = await join(a);
  await join(b);
  const countedBefore = await countUnreadable();
  await takeOver();
  const refusals = [
    await c.requestRefusalCode('call:join', { roomId }),
    await a.requestRefusalCode('call:get', { roomId }),
    await a.requestRefusalCode('call:update', { media: { camera: true } }),
    await a.requestRefusalCode('call:leave', {}),
    await a.requestRefusalCode('call:end', { roomId }),
    await a.requestRefusalCode('ring:start', { roomId, id: three.ringId, userIds: [clara.id] }),
    await a.requestRefusalCode('call:remove', { roomId, participantId: seat.participantId }),
    await all.reconnectDevice(b).requestRefusalCode('knock:start', { roomId }),
  ];
  expect(new Set(refusals)).toEqual(new Set(['unavailable']));
  expect(await countUnreadable()).toBe(countedBefore + 1);
  // What is about other calls as well goes on without it.
  expect(await b.requestCommand('ring:list', {})).toEqual({ rings: [] });
});

it('ends neither the call, nor its rows, rings and seats, when their time is over', async () => {
  const { all, roomId, a, b, c, clara } = three;
  await join(a);
  const seat = await join(b);
  await ring(a, clara);
  await takeOver();
  const before = await newerRelease().readLiveValue(roomId);
  await b.cutConnection();
  await all.advanceTime(10 * SEAT_LEASE_DURATION_MS);
  expect(await newerRelease().readLiveValue(roomId)).toEqual(before);
  expect(all.calls.calls).toMatchObject([{ roomId, endedAt: null }]);
  for (const device of [a, c]) expect(device.socket.connected).toBe(true);

  // Once the call is understood again, the time that is over counts.
  const live = all.getProvider(LiveStore).createLiveState<LiveCall, object>('calls', {
    writesVersion: 1,
    readsUpTo: 1000,
    encode: (value) => value,
    decode: (stored) => (stored as { inAnotherShape: LiveCall }).inAnotherShape,
  });
  await live.updateAtomically(roomId, (value) => (value ? { next: value, events: [] } : undefined));
  await all.advanceTime(2 * SEAT_LEASE_DURATION_MS);
  expect(await all.reconnectDevice(b).requestRefusalCode('call:resume', seat)).toBe('participant_not_found');
});
