import { LEASE_EXPIRY_NOTICE, ThreeInARoom } from '../testing/three-in-a-room';
import { ROOM_SYNC_INTERVAL_MS } from './call-room-sync';

const three = ThreeInARoom.prepareEachTest();
const { join, call, participants } = three;

it('a call ends when its room is closed', async () => {
  const { all, roomId, a, b } = three;
  const { participantId } = await join(a);
  await join(b);
  all.rooms.setRoomClosed(roomId, true);
  await all.waitUntilSettled();
  expect(a.receivedCallChanges()).toContainEqual({ type: 'left', participantId, reason: 'removed' });
  expect(await call()).toBeNull();
});

it('a call goes on when its room is reopened before the closing was handled: the last change wins', async () => {
  const { all, roomId, a, b } = three;
  await join(a);
  await join(b);
  all.rooms.setRoomClosed(roomId, true);
  all.rooms.setRoomClosed(roomId, false);
  await all.waitUntilSettled();
  expect(await participants()).toHaveLength(2);
});

it('a door that was opened and closed again before that was handled lets nobody in', async () => {
  const { all, roomId, boris, a, b } = three;
  all.rooms.setRoomDoor(roomId, 'lobby');
  await join(a);
  await b.requestCommand('knock:start', { roomId });
  all.rooms.setRoomDoor(roomId, 'open');
  all.rooms.setRoomDoor(roomId, 'lobby');
  await all.advanceTime(LEASE_EXPIRY_NOTICE);
  expect((await call())?.knocks).toMatchObject([{ userId: boris.id }]);
  all.rooms.setRoomDoor(roomId, 'open');
  await all.waitUntilSettled();
  expect((await call())?.knocks).toEqual([]);
});

it('whoever knocks at a locked door waits for an answer, however long; locking it anew denies them', async () => {
  const { all, roomId, boris, a, b } = three;
  all.rooms.setRoomDoor(roomId, 'locked');
  await join(a);
  await b.requestCommand('knock:start', { roomId });
  await all.advanceTime(ROOM_SYNC_INTERVAL_MS + 1);
  expect((await call())?.knocks).toMatchObject([{ userId: boris.id }]);
  all.rooms.setRoomDoor(roomId, 'locked');
  await all.waitUntilSettled();
  expect((await call())?.knocks).toEqual([]);
});
