import { randomUUID } from 'node:crypto';
import { EventBus } from '../../src/platform/events/event-bus';
import { befriend, directRoom } from '../support/contacts';
import { listDevice, RawDevice } from '../support/device-keys';
import { anyCommit, EncryptedRoom } from '../support/encrypted-room';
import { HeldRow } from '../support/faults/held-row';
import { insertDevice } from '../support/inserted-devices';
import { bringIn, newGuest, newUser, type TestUser } from '../support/test-app';
import { useServer } from '../support/use-server';

const server = useServer();

/** Three people in an encrypted room, with a guest; nobody outside. */
interface Scene {
  readonly room: EncryptedRoom;
  readonly anna: TestUser;
  readonly boris: TestUser;
  readonly clara: TestUser;
  readonly guest: TestUser;
}

async function newScene(): Promise<Scene> {
  const room = await EncryptedRoom.create(server, 3);
  const [anna, boris, clara] = room.people as [TestUser, TestUser, TestUser];
  return { room, anna, boris, clara, guest: await newGuest(anna, room.roomId) };
}

/** What a direct room of two begins as. */
async function newDirectScene(): Promise<Pick<Scene, 'room' | 'anna' | 'boris'>> {
  const [anna, boris] = [await newUser(server), await newUser(server)];
  await befriend(anna, boris);
  return {
    room: await EncryptedRoom.encrypt(server.db, (await directRoom(anna, boris)).id, [anna, boris]),
    anna,
    boris,
  };
}

const endDevice = (user: TestUser, deviceId: string): Promise<unknown> =>
  server.app.get(EventBus).publishCommitted('devices.ended', { userId: user.id, deviceIds: [deviceId] });

const remove = ({ anna, room }: Pick<Scene, 'anna' | 'room'>, { id: userId }: TestUser) =>
  anna.rest.request('DELETE /rooms/:roomId/members/:userId', { roomId: room.roomId, userId });

/** What somebody does, by how many versions the list of members rises, and whether a rekey is due then. */
const CASES: readonly [string, number, boolean, (scene: Scene) => Promise<unknown>][] = [
  ['a member leaves', 1, true, ({ boris, room }) => boris.rest.request('POST /rooms/:roomId/leave', room)],
  ['the owner leaves', 1, true, ({ anna, room }) => anna.rest.request('POST /rooms/:roomId/leave', room)],
  ['a guest leaves', 1, true, ({ guest, room }) => guest.rest.request('POST /rooms/:roomId/leave', room)],
  ['a guest signs out', 1, true, ({ guest }) => guest.rest.request('POST /auth/logout')],
  ['a member is removed', 1, true, (scene) => remove(scene, scene.boris)],
  ['a guest is removed', 1, true, (scene) => remove(scene, scene.guest)],
  [
    'a member deletes their account',
    1,
    true,
    ({ boris }) => boris.rest.request('DELETE /auth/me', { body: { password: boris.password } }),
  ],
  ['a device of a member ends', 1, true, ({ boris, room }) => endDevice(boris, room.deviceIds[1]!)],
  ['an account joins', 1, false, async ({ anna, room }) => bringIn(anna, room.roomId, await newUser(server))],
  ['a guest joins', 1, false, ({ anna, room }) => newGuest(anna, room.roomId, 'Aunt Masha')],
  [
    'a removed member comes back',
    2,
    true,
    async (scene) => {
      await remove(scene, scene.boris);
      const removed = { roomId: scene.room.roomId, userId: scene.boris.id };
      await scene.anna.rest.request('DELETE /rooms/:roomId/removals/:userId', removed);
      await bringIn(scene.anna, scene.room.roomId, scene.boris);
    },
  ],
  [
    'a role changes',
    0,
    false,
    ({ anna, boris, room }) =>
      anna.rest.request('PATCH /rooms/:roomId/members/:userId', {
        roomId: room.roomId,
        userId: boris.id,
        body: { role: 'owner' },
      }),
  ],
  ['a session ends: its device may come back', 0, false, ({ boris }) => boris.rest.request('POST /auth/logout')],
  [
    'the room gets another name and door',
    0,
    false,
    ({ anna, room }) =>
      anna.rest.request('PATCH /rooms/:roomId', { roomId: room.roomId, body: { name: 'Attic', door: 'lobby' } }),
  ],
  [
    'a member blocks another one of a group',
    0,
    false,
    ({ anna, boris }) => anna.rest.request('PUT /contacts/:userId/block', { userId: boris.id }),
  ],
  [
    'somebody is removed from another room',
    0,
    false,
    async ({ anna, boris }) => {
      const other = await EncryptedRoom.create(server, 1);
      await bringIn(other.people[0]!, other.roomId, boris);
      await remove({ anna: other.people[0]!, room: other }, boris);
      expect(anna.id).not.toBe(other.people[0]!.id);
    },
  ],
];

it.each(CASES)('%s: %d versions more, rekey due: %s', async (_, versions, rekeyDue, happen) => {
  const scene = await newScene();
  const { room, clara } = scene;
  const socket = await server.connect(clara);
  const status = async () => (await clara.rest.request('GET /rooms/:roomId/encryption', { roomId: room.roomId })).body;
  const before = await status();
  await happen(scene);
  const after = await status();
  expect(after).toEqual({ ...before, memberVersion: before.memberVersion + versions, rekeyDue });
  if (versions > 0) await socket.event('group:changed', (event) => event.memberVersion === after.memberVersion);
});

it('a direct room that a block closes needs new keys when it is open again', async () => {
  const { room, anna, boris } = await newDirectScene();
  const userId = boris.id;
  const { memberVersion } = await room.status();
  await anna.rest.request('PUT /contacts/:userId/block', { userId });
  expect(await room.status()).toMatchObject({ memberVersion: memberVersion + 1, rekeyDue: true });
  await anna.rest.request('DELETE /contacts/:userId/block', { userId });
  await befriend(boris, anna);
  await anna.rest.request('POST /contacts/:userId/room', { userId });
  const socket = await server.connect(boris);
  expect(await socket.refusal('chat:seal', room.sealedBy(boris, 0))).toBe('room_rekeying');
});

it('a direct room whose other person deletes their account is one of one', async () => {
  const { room, boris } = await newDirectScene();
  await boris.rest.request('DELETE /auth/me', { body: { password: boris.password } });
  const { memberVersion, rekeyDue } = await room.status();
  expect([memberVersion, rekeyDue]).toEqual([3, true]);
});

it('plain rooms have no versions that anybody could ask for', async () => {
  const [anna, boris] = [await newUser(server), await newUser(server)];
  const { id: roomId } = (await anna.rest.request('POST /rooms', { body: { name: 'Plain', visibility: 'private' } }))
    .body;
  await bringIn(anna, roomId, boris);
  expect(await server.db.query('SELECT FROM member_versions WHERE room_id = $1', [roomId])).toEqual([]);
  const { body } = await anna.rest.request('GET /rooms/:roomId/encryption', { roomId });
  expect(body.error.code).toBe('room_not_encrypted');
});

it('all devices that one list ends are one version, and one event', async () => {
  const [room, boris] = [await EncryptedRoom.create(server, 1), await newUser(server)];
  const [{ identity, device }, others] = [await listDevice(boris), [new RawDevice(), new RawDevice()]];
  const send = (version: number, until: number) =>
    boris.rest.request('PUT /devices/list', {
      body: identity.signList(boris.id, version, [device.entry(), ...others.map((other) => other.entry(until))]),
    });
  await send(2, 0);
  await bringIn(room.people[0]!, room.roomId, boris);
  const [socket, { memberVersion }] = [await server.connect(room.people[0]!), await room.status()];
  expect((await send(3, 2)).status).toBe(204);
  expect(await room.status()).toMatchObject({ memberVersion: memberVersion + 1, rekeyDue: true });
  await socket.ask('ring:list', {});
  expect(socket.events('group:changed')).toHaveLength(1);
});

it('a guest is removed although one of their devices ends at the same moment', async () => {
  const scene = await newScene();
  const { guest, room } = scene;
  const { identity, device } = await listDevice(guest);
  const body = identity.signList(guest.id, 2, [device.entry(2)]);
  const held = await HeldRow.hold(server.db, 'rooms', room.roomId);
  const [removal, list] = await held.release(
    'ROLLBACK',
    () => remove(scene, guest),
    () => guest.rest.request('PUT /devices/list', { body }),
  );
  expect([removal.status, list.body.error.code]).toEqual([204, 'session_ended']);
});

describe('a rekey', () => {
  it('is done by a commit of who knew of the last departure, and by no other one', async () => {
    const scene = await newScene();
    const { room, boris, clara } = scene;
    await remove(scene, boris);
    const { memberVersion } = await room.status();
    for (const [epoch, rekeyedFor, rekeyDue] of [
      [0, undefined, true],
      [1, memberVersion - 1, true],
      [2, memberVersion, false],
      [3, undefined, false],
    ] as const) {
      await room.commit(clara, anyCommit(epoch, rekeyedFor === undefined ? {} : { rekeyedFor }));
      expect(await room.status()).toMatchObject({ epoch: epoch + 1, rekeyDue });
    }
  });

  it('is due after a removal that waited for a commit, and after one that a commit waited for', async () => {
    for (const isRemovedFirst of [true, false]) {
      const scene = await newScene();
      const { room, anna, boris, clara } = scene;
      const { memberVersion } = await room.status();
      const held = await HeldRow.hold(server.db, 'rooms', room.roomId);
      const steps = [() => remove(scene, boris), () => room.commit(clara, anyCommit(0, { rekeyedFor: memberVersion }))];
      if (!isRemovedFirst) steps.reverse();
      await held.release('COMMIT', ...steps);
      expect(await room.status()).toMatchObject({ epoch: 1, memberVersion: memberVersion + 1, rekeyDue: true });
      expect(anna.id).not.toBe(boris.id);
    }
  });

  it('holds up messages from the removal on, whichever comes first', async () => {
    for (const isRemovedFirst of [true, false]) {
      const scene = await newScene();
      const { room, boris, clara } = scene;
      const socket = await server.connect(clara);
      const held = await HeldRow.hold(server.db, 'rooms', room.roomId);
      const post = () => socket.send('chat:seal', room.sealedBy(clara, 0));
      const answers = isRemovedFirst
        ? await held.release('COMMIT', () => remove(scene, boris), post)
        : (await held.release('COMMIT', post, () => remove(scene, boris))).toReversed();
      expect(answers[1]).toMatchObject(
        isRemovedFirst ? { ok: false, error: { code: 'room_rekeying' } } : { ok: true, seq: 2 },
      );
      expect(await socket.refusal('chat:seal', room.sealedBy(clara, 0))).toBe('room_rekeying');
    }
  });

  it('is not due after a removal that failed', async () => {
    const scene = await newScene();
    const { room, boris } = scene;
    const before = await room.status();
    await server.db.query(
      `CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the test breaks it'; END $$`,
    );
    await server.db.query(
      'CREATE CONSTRAINT TRIGGER fail AFTER DELETE ON members DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fail()',
    );
    const { status } = await remove(scene, boris);
    await server.db.query('DROP FUNCTION fail CASCADE');
    expect([status, await room.status()]).toEqual([500, before]);
  });

  it('of rooms of a user whose devices end one by one in the same moment is due in each, once for each device', async () => {
    const rooms = [await EncryptedRoom.create(server, 1), await EncryptedRoom.create(server, 1)];
    const boris = await newUser(server);
    for (const room of rooms) await bringIn(room.people[0]!, room.roomId, boris);
    const devices = [await insertDevice(server.db, boris), randomUUID(), randomUUID()];
    await Promise.all(devices.map((deviceId) => endDevice(boris, deviceId)));
    for (const room of rooms) expect(await room.status()).toMatchObject({ memberVersion: 5, rekeyDue: true });
  });
});
