import type { DeviceListDto } from '@webcall/contracts';
import { randomBytes, randomUUID } from 'node:crypto';
import { befriend, directRoom } from '../support/contacts';
import { listDevice, type ListedUser, RawDevice } from '../support/device-keys';
import { bringIn, newDevice, newGuest, newRoom, newUser, type TestUser } from '../support/test-app';
import { useServer } from '../support/use-server';

const server = useServer();

let anna: TestUser;
let boris: TestUser;
let keys: ListedUser;
beforeEach(async () => {
  [anna, boris] = await Promise.all([newUser(server, 'anna'), newUser(server, 'boris')]);
  keys = await listDevice(boris, Buffer.from('key package'));
});

const listsFor = async (viewer: TestUser, ...users: readonly { id: string }[]): Promise<DeviceListDto[]> => {
  const userIds = users.map(({ id }) => id).join(',');
  const { status, body } = await viewer.rest.request('GET /devices/lists', { query: { userIds } });
  expect(status).toBe(200);
  return body.lists;
};
const identityOf = ({ identity }: ListedUser) => identity.publicKey.toString('base64url');
const listOfIdentity = async (viewer: TestUser, identity = identityOf(keys)) => {
  const request = { userId: boris.id, identity };
  const { status, body } = await viewer.rest.request('GET /users/:userId/device-lists/:identity', request);
  return status === 200 ? 'open' : body.error.code;
};
const keyPackageFor = async (viewer: TestUser, deviceId = keys.device.id, user = boris) => {
  const request = { userId: user.id, deviceId };
  const { status, body } = await viewer.rest.request('GET /users/:userId/devices/:deviceId/key-package', request);
  return status === 200 ? body.keyPackage && Buffer.from(body.keyPackage, 'base64url').toString() : body.error.code;
};

type Meeting = () => Promise<TestUser | undefined>;
const inRoom = async (): Promise<string> => {
  const { id } = await newRoom(anna);
  await bringIn(anna, id, boris);
  return id;
};
const say = async (user: TestUser, roomId: string) => {
  const socket = await server.connect(user);
  await socket.ask('chat:send', { roomId, id: randomUUID(), text: 'Hello' });
};

/** How two users meet, whether the lists of boris are then open to anna, and what she gets for a key package. */
const MEETINGS: Record<string, [meet: Meeting, list: 'open' | 'shut', keyPackage: string | null]> = {
  'a stranger': [async () => undefined, 'shut', 'device_not_found'],
  'a contact': [async () => void (await befriend(anna, boris)), 'open', 'key package'],
  'somebody who asks to be a contact': [
    async () => void (await anna.rest.request('POST /contacts', { body: { userId: boris.id } })),
    'shut',
    'device_not_found',
  ],
  'a member of the same room': [async () => void (await inRoom()), 'open', 'key package'],
  'a member of the same room, for one to whom contacts alone write': [
    async () => {
      await inRoom();
      await boris.rest.request('PATCH /preferences', { body: { writers: 'contacts' } });
      return undefined;
    },
    'open',
    'device_not_found',
  ],
  'a member of the same room who is blocked': [
    async () => {
      await inRoom();
      await boris.rest.request('PUT /contacts/:userId/block', { userId: anna.id });
      return undefined;
    },
    'open',
    'device_not_found',
  ],
  'the other one of a closed direct room': [
    async () => {
      await befriend(anna, boris);
      await directRoom(anna, boris);
      await boris.rest.request('PUT /contacts/:userId/block', { userId: anna.id });
      return undefined;
    },
    'open',
    'device_not_found',
  ],
  'a member of a room that its author has left': [
    async () => {
      const roomId = await inRoom();
      await say(boris, roomId);
      await boris.rest.request('POST /rooms/:roomId/leave', { roomId });
      return undefined;
    },
    'open',
    'device_not_found',
  ],
  'a member of a room that somebody has left without a word': [
    async () => {
      const roomId = await inRoom();
      await boris.rest.request('POST /rooms/:roomId/leave', { roomId });
      return undefined;
    },
    'shut',
    'device_not_found',
  ],
  'a former member': [
    async () => {
      const { id: roomId } = await newRoom(boris);
      await bringIn(boris, roomId, anna);
      await say(boris, roomId);
      await anna.rest.request('POST /rooms/:roomId/leave', { roomId });
      await newRoom(anna);
      return undefined;
    },
    'shut',
    'device_not_found',
  ],
  'a guest of the same room': [async () => newGuest(anna, await inRoom()), 'open', 'forbidden'],
  'a guest of another room': [async () => newGuest(anna, (await newRoom(anna)).id), 'shut', 'forbidden'],
};

describe.each(Object.entries(MEETINGS))('to %s', (_, [meet, list, keyPackage]) => {
  it(`a list is ${list}, and a key package answered with ${keyPackage}`, async () => {
    const viewer = (await meet()) ?? anna;
    const lists = await listsFor(viewer, boris, { id: randomUUID() });
    expect(lists.map(({ userId }) => userId)).toEqual(list === 'open' ? [boris.id] : []);
    expect(await listOfIdentity(viewer)).toBe(list === 'open' ? 'open' : 'device_list_not_found');
    expect(await keyPackageFor(viewer)).toBe(keyPackage);
  });
});

describe('a list', () => {
  it('is open to its own user, and found among others who have none', async () => {
    expect(await listsFor(boris, anna, boris)).toMatchObject([{ userId: boris.id, identity: identityOf(keys) }]);
  });

  it('of an identity that nobody has is not found, nor something that is none', async () => {
    for (const identity of [randomBytes(32).toString('base64url'), 'none'])
      expect(await listOfIdentity(boris, identity)).toBe('device_list_not_found');
  });

  it('is left off, and named, when the answer would be too large', async () => {
    const { id: roomId } = await newRoom(anna);
    const users = await Promise.all(Array.from({ length: 10 }, () => newUser(server)));
    for (const user of users) {
      await bringIn(anna, roomId, user);
      await listDevice(user);
    }
    // As large as a list of all devices that somebody ever had.
    await server.db.query('UPDATE identities SET list = $2 WHERE user_id = ANY ($1)', [
      users.map(({ id }) => id),
      Buffer.alloc(60_000),
    ]);
    const ids = users.map(({ id }) => id);
    const { body } = await anna.rest.request('GET /devices/lists', { query: { userIds: ids.join(',') } });
    expect(body.lists).toHaveLength(9);
    expect(body.rest).toHaveLength(1);
    expect([...body.lists.map(({ userId }) => userId), ...body.rest].sort()).toEqual([...ids].sort());
    expect(await listsFor(anna, { id: body.rest[0]! })).toHaveLength(1);
  });

  it('is asked for again when it changes: by own devices and members of the same rooms, each told once', async () => {
    const roomIds = [await inRoom(), await inRoom()];
    const stranger = await newUser(server);
    const [a, b, s] = await Promise.all([anna, boris, stranger].map((user) => server.connect(user)));
    const list = keys.identity.signList(boris.id, 2, [keys.device.entry(), new RawDevice().entry()]);
    expect((await boris.rest.request('PUT /devices/list', { body: list })).status).toBe(204);
    for (const socket of [a!, b!]) expect(await socket.event('devices:changed')).toEqual({ userId: boris.id });
    // What came after this would have been sent before the answers.
    for (const socket of [a!, b!]) await socket.ask('call:get', { roomId: roomIds[0]! });
    await s!.ask('ring:list', {});
    expect([a!, b!, s!].map((socket) => socket.events('devices:changed').length)).toEqual([1, 1, 0]);
  });

  it('that comes again is no news', async () => {
    await inRoom();
    const [a, { body }] = [await server.connect(anna), await boris.rest.request('GET /devices')];
    const { list, signature } = body.list!;
    await boris.rest.request('PUT /devices/list', { body: { list, signature } });
    await a.ask('ring:list', {});
    expect(a.events('devices:changed')).toEqual([]);
  });
});

describe('a key package', () => {
  it('is one’s own devices’ too, and the last one that was left', async () => {
    const body = { keyPackage: Buffer.from('newer').toString('base64url') };
    expect((await boris.rest.request('PUT /devices/key-package', { body })).status).toBe(204);
    expect(await keyPackageFor(boris)).toBe('newer');
  });

  it('is none as long as its device has left none', async () => {
    const other = new RawDevice();
    const list = keys.identity.signList(boris.id, 2, [keys.device.entry(), other.entry()]);
    await boris.rest.request('PUT /devices/list', { body: list });
    expect(await keyPackageFor(boris, other.id)).toBeNull();
    expect(await keyPackageFor(boris, randomUUID())).toBe('device_not_found');
  });

  it('is that of the session’s own device', async () => {
    const [other, client] = [new RawDevice(), await newDevice(server, boris)];
    const list = keys.identity.signList(boris.id, 2, [keys.device.entry(), other.entry()]);
    await boris.rest.request('PUT /devices/list', { body: list });
    const body = { keyPackage: Buffer.from('of the other').toString('base64url') };
    expect((await client.request('PUT /devices/key-package', { body })).body.error.code).toBe('device_required');
    await other.bind(client, boris.id);
    expect((await client.request('PUT /devices/key-package', { body })).status).toBe(204);
    expect([await keyPackageFor(boris, other.id), await keyPackageFor(boris)]).toEqual(['of the other', 'key package']);
  });

  it('of a user whom one does not know is not found', async () => {
    expect(await keyPackageFor(anna, keys.device.id, { ...boris, id: randomUUID() })).toBe('user_not_found');
  });
});
