import { GroupCleanup } from '../../src/encryption/groups/group-cleanup';
import { EventBus } from '../../src/platform/events/event-bus';
import { anyBytes, EncryptedRoom } from '../support/encrypted-room';
import { HeldRow } from '../support/faults/held-row';
import { insertDevice } from '../support/inserted-devices';
import { bringIn, newUser, type TestUser } from '../support/test-app';
import { useServer } from '../support/use-server';

const server = useServer();
let room: EncryptedRoom;
let [anna, boris, clara]: TestUser[] = [];

beforeEach(async () => {
  room = await EncryptedRoom.create(server, 3);
  [anna, boris, clara] = room.people as [TestUser, TestUser, TestUser];
});

const anyRequest = () => ({ request: anyBytes(), signature: anyBytes(64) });
const anyAnswer = () => ({ answer: anyBytes(), signature: anyBytes(64) });
const deviceOf = (index: number) => ({ userId: room.people[index]!.id, deviceId: room.deviceIds[index]! });
const ask = (user: TestUser, body = anyRequest()) =>
  user.rest.request('PUT /rooms/:roomId/key-requests/own', { roomId: room.roomId, body });
const openTo = async (user: TestUser) =>
  (await user.rest.request('GET /rooms/:roomId/key-requests', { roomId: room.roomId })).body.requests;
const answer = (user: TestUser, index: number, body = anyAnswer()) =>
  user.rest.request('POST /rooms/:roomId/key-requests/:userId/:deviceId/answers', {
    roomId: room.roomId,
    ...deviceOf(index),
    body,
  });
const answersTo = async (user: TestUser, from: number) =>
  (await user.rest.request('GET /rooms/:roomId/key-requests/own/answers', { roomId: room.roomId, query: { from } }))
    .body.answer;

it('a request is shown to the other devices of the room, and its answers to its own', async () => {
  const [request, first, second] = [anyRequest(), anyAnswer(), anyAnswer()];
  const socket = await server.connect(boris!);
  await ask(boris!, request);
  expect([await openTo(boris!), await openTo(anna!)]).toEqual([[], [{ ...deviceOf(1), ...request }]]);
  expect((await answer(anna!, 1, first)).body).toEqual({ taken: true });
  expect((await answer(clara!, 1, second)).body).toEqual({ taken: true });
  expect(await socket.event('keys:answered')).toEqual({ roomId: room.roomId, deviceId: room.deviceIds[1] });
  expect([await answersTo(boris!, 0), await answersTo(boris!, 1), await answersTo(boris!, 2)]).toEqual([
    first,
    second,
    null,
  ]);
  expect(await answersTo(anna!, 0)).toBeNull();
});

it('a device answers once, and says the same again', async () => {
  const first = anyAnswer();
  await ask(boris!);
  expect((await answer(anna!, 1, first)).body).toEqual({ taken: true });
  expect((await answer(anna!, 1, first)).body).toEqual({ taken: true });
  expect((await answer(anna!, 1)).body).toEqual({ taken: false });
  expect([await answersTo(boris!, 0), await answersTo(boris!, 1)]).toEqual([first, null]);
});

it('two devices of a user answer, so that nobody keeps the answers of others out', async () => {
  await ask(boris!);
  for (const taken of [true, true, false, false, false]) {
    await insertDevice(server.db, anna!);
    expect((await answer(anna!, 1)).body).toEqual({ taken });
  }
  const helpful = anyAnswer();
  expect((await answer(clara!, 1, helpful)).body).toEqual({ taken: true });
  expect(await answersTo(boris!, 2)).toEqual(helpful);
});

it('the first five answers are taken, also of devices that answer in the same moment', async () => {
  const others = await Promise.all([newUser(server), newUser(server)]);
  for (const other of others) {
    await bringIn(anna!, room.roomId, other);
    await insertDevice(server.db, other);
  }
  await ask(boris!);
  for (const user of [...others, anna!, anna!]) {
    await insertDevice(server.db, user);
    expect((await answer(user, 1)).body).toEqual({ taken: true });
  }
  const held = await HeldRow.hold(server.db, 'rooms', room.roomId);
  const answers = await held.release(
    'COMMIT',
    () => answer(clara!, 1),
    () => answer(others[0], 1),
  );
  expect(answers.map(({ body }) => body.taken)).toEqual([true, false]);
});

it('a further request of a device takes the place of the one before, with its answers', async () => {
  await ask(boris!);
  await answer(anna!, 1);
  const further = anyRequest();
  await ask(boris!, further);
  expect([await openTo(anna!), await answersTo(boris!, 0)]).toEqual([[{ ...deviceOf(1), ...further }], null]);
  await boris!.rest.request('DELETE /rooms/:roomId/key-requests/own', { roomId: room.roomId });
  expect(await openTo(anna!)).toEqual([]);
});

it('nobody outside of the room sees or answers a request, and nobody answers what nobody asks', async () => {
  const stranger = await newUser(server);
  await insertDevice(server.db, stranger);
  expect((await answer(anna!, 1)).body.error.code).toBe('key_request_not_found');
  await ask(boris!);
  expect((await answer(stranger, 1)).body.error.code).toBe('room_not_found');
  expect(await openTo(stranger)).toBeUndefined();
});

it('a request ends with the membership, with its device, and after a day', async () => {
  await ask(boris!);
  await ask(clara!);
  await anna!.rest.request('DELETE /rooms/:roomId/members/:userId', { roomId: room.roomId, userId: boris!.id });
  expect((await openTo(anna!)).map(({ userId }) => userId)).toEqual([clara!.id]);
  const { userId, deviceId } = deviceOf(2);
  await server.app.get(EventBus).publishCommitted('devices.ended', { userId, deviceIds: [deviceId] });
  expect(await openTo(anna!)).toEqual([]);
  await ask(clara!);
  await server.db.query(`UPDATE key_requests SET asked_at = now() - interval '25 hours'`);
  expect(await openTo(anna!)).toEqual([]);
  expect((await answer(anna!, 2)).body.error.code).toBe('key_request_not_found');
  await server.app.get(GroupCleanup, { strict: false }).deleteOldThings();
  expect(await server.db.query('SELECT FROM key_requests WHERE room_id = $1', [room.roomId])).toEqual([]);
});
