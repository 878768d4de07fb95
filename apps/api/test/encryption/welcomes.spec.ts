import { GroupCleanup } from '../../src/encryption/groups/group-cleanup';
import { anyCommit, EncryptedRoom } from '../support/encrypted-room';
import { insertDevice } from '../support/inserted-devices';
import { newDevice, newUser, type TestUser } from '../support/test-app';
import { useServer } from '../support/use-server';

const server = useServer();
let room: EncryptedRoom;
let [anna, boris, clara]: TestUser[] = [];

beforeEach(async () => {
  room = await EncryptedRoom.create(server, 3);
  [anna, boris, clara] = room.people as [TestUser, TestUser, TestUser];
});

const deviceOf = (index: number) => ({ userId: room.people[index]!.id, deviceId: room.deviceIds[index]! });
const fetched = async (user: TestUser) =>
  (await user.rest.request('GET /rooms/:roomId/groups/:groupId/welcome', room.group)).body;
const welcomeOf = async (user: TestUser) => (await fetched(user)).welcome;
const forget = async (user: TestUser, welcomeId?: string) =>
  user.rest.request('DELETE /rooms/:roomId/groups/:groupId/welcome/:welcomeId', {
    ...room.group,
    welcomeId: welcomeId ?? (await fetched(user)).id ?? 'none',
  });
const welcome = (epoch: number, text: string, ...devices: ReturnType<typeof deviceOf>[]) =>
  room.commit(anna!, anyCommit(epoch, { welcome: { welcome: text, devices } }));
const stored = () => server.db.query('SELECT FROM group_welcomes WHERE room_id = $1', [room.roomId]);

it('waits for the devices that it is for, and for nobody else', async () => {
  await welcome(0, 'AAAA', deviceOf(1), deviceOf(2));
  expect([await welcomeOf(anna!), await welcomeOf(boris!), await welcomeOf(clara!)]).toEqual([null, 'AAAA', 'AAAA']);
  const other: TestUser = { ...boris!, rest: await newDevice(server, boris!) };
  await insertDevice(server.db, other);
  expect(await welcomeOf(other)).toBeNull();
});

it('goes when all have taken it, and one that is of no use any more before', async () => {
  await welcome(0, 'AAAA', deviceOf(1), deviceOf(2));
  await forget(boris!);
  expect([await welcomeOf(boris!), await welcomeOf(clara!), (await stored()).length]).toEqual([null, 'AAAA', 1]);
  await welcome(1, 'BBBA', deviceOf(2));
  expect([await welcomeOf(clara!), (await stored()).length]).toEqual(['BBBA', 1]);
  await forget(clara!);
  expect((await forget(clara!)).status).toBe(204);
  expect(await stored()).toEqual([]);
});

it('that came after the one that was taken stays', async () => {
  await welcome(0, 'AAAA', deviceOf(1), deviceOf(2));
  const { id } = await fetched(boris!);
  await welcome(1, 'BBBA', deviceOf(1));
  expect((await forget(boris!, id!)).status).toBe(204);
  expect([await welcomeOf(boris!), await welcomeOf(clara!)]).toEqual(['BBBA', 'AAAA']);
});

it('of a commit that was not taken does not exist', async () => {
  await room.commit(anna!, anyCommit(0));
  expect((await welcome(0, 'AAAA', deviceOf(1))).body).toEqual({ taken: false });
  expect([await welcomeOf(boris!), await stored()]).toEqual([null, []]);
});

it('is kept for live devices of members alone, each once', async () => {
  const stranger = await newUser(server);
  const strange = { userId: stranger.id, deviceId: await insertDevice(server.db, stranger) };
  await server.db.query('UPDATE devices SET ended_at = now() WHERE id = $1', [room.deviceIds[2]]);
  await welcome(0, 'AAAA', deviceOf(1), deviceOf(1), deviceOf(2), strange, { ...deviceOf(1), userId: stranger.id });
  const kept = await server.db.query('SELECT device_id FROM welcomed_devices WHERE room_id = $1', [room.roomId]);
  expect(kept).toEqual([{ device_id: room.deviceIds[1] }]);
});

it('ends with the membership', async () => {
  await welcome(0, 'AAAA', deviceOf(1));
  await anna!.rest.request('DELETE /rooms/:roomId/members/:userId', { roomId: room.roomId, userId: boris!.id });
  expect(await server.db.query('SELECT FROM welcomed_devices WHERE room_id = $1', [room.roomId])).toEqual([]);
});

it('is deleted after 30 days', async () => {
  await welcome(0, 'AAAA', deviceOf(1));
  await welcome(1, 'BBBA', deviceOf(2));
  await server.db.query(`UPDATE group_welcomes SET sent_at = now() - interval '31 days' WHERE welcome = $1`, [
    Buffer.from('AAAA', 'base64url'),
  ]);
  await server.app.get(GroupCleanup, { strict: false }).deleteOldThings();
  expect([await welcomeOf(boris!), await welcomeOf(clara!)]).toEqual([null, 'BBBA']);
});

it('is asked for at the devices of the members', async () => {
  const [socket, outside] = [await server.connect(anna!), await server.connect(await newUser(server))];
  const { status } = await boris!.rest.request('POST /rooms/:roomId/groups/:groupId/welcome', room.group);
  expect([status, await socket.event('welcome:asked')]).toEqual([204, { ...room.group, ...deviceOf(1) }]);
  expect(outside.events('welcome:asked')).toEqual([]);
});
