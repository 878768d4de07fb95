import { ENCRYPTED_ROOM_CAPACITY, MOST_KEY_ANSWERS, MOST_KEY_ANSWERS_OF_USER } from '@webcall/domain';
import {
  answerKeyRequest,
  type CertifiedDevice,
  certifyDevice,
  type ChainBody,
  createDevice,
  createGroupId,
  createSigningKey,
  type Device,
  type DeviceList,
  KeyPackages,
  type MemberView,
  mlsGroupsOf,
  MOST_KEY_ANSWERS as MOST_KEY_ANSWERS_OF_LIBRARY,
  MOST_KEY_ANSWERS_OF_USER as MOST_KEY_ANSWERS_OF_USER_OF_LIBRARY,
  MOST_LEAVES,
  openKeyAnswer,
  openMessage,
  type RoomAccess,
  RoomDevice,
  type SealedContent,
  sealMessage,
  signChainItem,
  type SigningKey,
  signKeyRequest,
  UseLimits,
} from '@webcall/encryption';
import { randomUUID } from 'node:crypto';
import { routeCaller } from '../support/call-route';
import { insertDevice } from '../support/inserted-devices';
import { bringIn, newRoom, newUser, type TestUser } from '../support/test-app';
import { useServer } from '../support/use-server';
import { DevicesDelivery } from './devices-delivery';
import { RestKeyDelivery } from './key-delivery';
import { RestRoomDelivery } from './room-delivery';
import { MemoryRoomStore } from './room-store';

// The library, with devices of three people, on the server: the wire fits its ports.
const server = useServer();

/** A person with the one device that they sign in with. */
interface Person {
  readonly user: TestUser;
  readonly identity: SigningKey;
  readonly device: Device;
  readonly certified: CertifiedDevice;
  readonly list: DeviceList;
}

async function newPerson(name: string): Promise<Person> {
  const user = await newUser(server, name);
  const [identity, device] = [
    await createSigningKey(),
    await createDevice(user.id, await insertDevice(server.db, user)),
  ];
  const listed = {
    deviceId: device.deviceId,
    signingKey: device.signing.publicKey,
    receivingKey: device.receiving.publicKey,
    from: Date.now(),
    until: null,
  };
  return {
    user,
    identity,
    device,
    certified: await certifyDevice(device, identity),
    list: { userId: user.id, identity: identity.publicKey, version: 1, devices: [listed] },
  };
}

/** The room of a device, over the endpoints of the server. */
class RoomOfDevice {
  readonly store = new MemoryRoomStore();
  readonly keyPackages: KeyPackages;
  readonly room: RoomDevice;
  readonly delivery: RestRoomDelivery;
  readonly keys: RestKeyDelivery;
  /** What others do while the device waits for a welcome. */
  meanwhile: () => Promise<unknown> = () => Promise.resolve();

  constructor(
    private readonly roomId: string,
    readonly person: Person,
    people: readonly Person[],
  ) {
    const { device, certified, list } = person;
    const callRoute = routeCaller(person.user.rest);
    const devices = new DevicesDelivery(callRoute);
    this.keys = new RestKeyDelivery(roomId, callRoute);
    const delivery = new RestRoomDelivery(roomId, callRoute, devices);
    this.delivery = delivery;
    const groups = mlsGroupsOf(device.signing);
    const { userId, identity, version: listVersion } = list;
    const leafIdentity = () => ({ userId, identity, deviceId: device.deviceId, listVersion });
    const now = () => Date.now();
    this.keyPackages = new KeyPackages({
      groups,
      store: this.store,
      delivery: devices,
      leafIdentity,
      now,
    });
    const access: RoomAccess = {
      roomId,
      device,
      certified,
      groups,
      store: this.store,
      delivery,
      people: {
        deviceListOf: (id) => people.find((one) => one.list.userId === id)?.list ?? null,
        isMember: (id, version) => delivery.isMember(id, version),
      },
      floor: null,
      keyPackages: this.keyPackages,
      limits: new UseLimits(this.store, now),
      leafIdentity,
      now,
      pause: async () => void (await this.meanwhile()),
    };
    this.room = new RoomDevice(access);
  }

  /** Posts a message as a device does. @returns its number, or the code of the refusal */
  async post(text: string, view?: MemberView): Promise<number | string> {
    const { chain, group } = view ?? (await this.room.prepareToSeal());
    const key = this.store.keys.findLast(({ epoch }) => epoch === group.epoch)!;
    const place = {
      roomId: this.roomId,
      messageId: randomUUID(),
      kind: { type: 'post' },
      userId: this.person.user.id,
    } as const;
    const message = { content: text, after: [], replaces: null };
    const { keyId, device, box } = await sealMessage(place, message, key, this.person.device);
    const socket = await server.connect(this.person.user);
    const ack = await socket.send('chat:seal', {
      keyId,
      device,
      box,
      roomId: this.roomId,
      id: place.messageId,
      generation: chain.groupIds.length - 1,
      epoch: group.epoch,
    });
    return ack.ok ? (ack as { seq: number }).seq : (ack as { error: { code: string } }).error.code;
  }

  /** @returns all messages of the room that this device can read, and why it cannot read the others */
  async read(): Promise<string[]> {
    await this.room.catchUp();
    const { body } = await this.person.user.rest.request('GET /rooms/:roomId/messages', { roomId: this.roomId });
    const texts: string[] = [];
    for (const { id: messageId, authorId, content } of body.messages) {
      if (content.type !== 'sealed') continue;
      const place = { roomId: this.roomId, messageId, kind: { type: 'post' }, userId: authorId! } as const;
      const opened = await openMessage(
        place,
        content as SealedContent,
        async (keyId) => this.store.keys.find((key) => Buffer.from(key.keyId).equals(keyId)) ?? 'before_you_came',
        (json) => (typeof json === 'string' ? json : null),
      );
      texts.push('unreadable' in opened ? opened.unreadable : opened.content);
    }
    return texts;
  }
}

const admitted = ({ user, identity }: Person): ChainBody => ({
  kind: 'admitted',
  userId: user.id,
  identity: identity.publicKey,
});

it('three people begin an encrypted room, write, come in each in another way, and put one out', async () => {
  const people = [await newPerson('anna'), await newPerson('boris'), await newPerson('clara')];
  const { id: roomId } = await newRoom(people[0]!.user);
  for (const { user } of people.slice(1)) await bringIn(people[0]!.user, roomId, user);
  const [anna, boris, clara] = people.map((person) => new RoomOfDevice(roomId, person, people)) as [
    RoomOfDevice,
    RoomOfDevice,
    RoomOfDevice,
  ];

  await anna.room.appendToChain((chain) => (chain ? null : { kind: 'founded', groupId: createGroupId(roomId, 0) }));
  await anna.room.appendToChain(() => admitted(people[1]!));
  await anna.room.joinGroup();
  expect(await anna.post('Alone')).toBe(2);

  // Boris is let in by Anna’s device while he waits, and Clara comes in by herself.
  await boris.keyPackages.renew();
  boris.meanwhile = () => anna.room.addMissingDevices();
  expect((await boris.room.joinGroup()).group.roster).toHaveLength(2);
  await boris.room.appendToChain(() => admitted(people[2]!));
  expect((await clara.room.joinGroup()).group.roster).toHaveLength(3);
  const before = await clara.room.prepareToSeal();
  expect(await clara.post('Hello, all')).toBe(3);
  expect(await boris.post('Hello, Clara')).toBe(4);
  for (const [reader, first] of [
    [anna, 'Alone'],
    [boris, 'before_you_came'],
    [clara, 'before_you_came'],
  ] as const)
    expect(await reader.read()).toEqual([first, 'Hello, all', 'Hello, Clara']);

  // Out of the room first, then out of the group: nothing is taken in between.
  const removed = { roomId, userId: people[1]!.user.id };
  await people[0]!.user.rest.request('DELETE /rooms/:roomId/members/:userId', removed);
  expect(await clara.post('Too early', before)).toBe('room_rekeying');
  await anna.room.appendToChain(() => ({ kind: 'removed', userId: removed.userId }));
  expect((await anna.room.prepareToSeal()).group.roster).toHaveLength(2);
  expect(await clara.post('Too late', before)).toBe('epoch_past');
  expect(await clara.post('Just us two')).toBe(5);
  expect(await anna.read()).toEqual(['Alone', 'Hello, all', 'Hello, Clara', 'Just us two']);
  await expect(boris.room.catchUp()).rejects.toThrow('room_not_found');
});

it('a device of a newcomer asks the others for keys, and hears that they are not for it', async () => {
  const people = [await newPerson('anna'), await newPerson('boris')];
  const { id: roomId } = await newRoom(people[0]!.user);
  await bringIn(people[0]!.user, roomId, people[1]!.user);
  const [anna, boris] = people.map((person) => new RoomOfDevice(roomId, person, people)) as [
    RoomOfDevice,
    RoomOfDevice,
  ];
  await anna.room.appendToChain(() => ({ kind: 'founded', groupId: createGroupId(roomId, 0) }));
  await anna.room.joinGroup();
  await anna.room.appendToChain(() => admitted(people[1]!));
  await boris.room.joinGroup();

  const { device, list } = people[1]!;
  const asker = { userId: list.userId, deviceId: device.deviceId };
  const leafOf = ({ list: { userId, identity, version }, device: { deviceId } }: Person) => ({
    userId,
    identity,
    deviceId,
    listVersion: version,
  });
  const deviceListOf = (id: string) => people.find((one) => one.list.userId === id)?.list ?? null;
  const [first] = anna.store.epochs;
  const keyIds = [anna.store.keys[0]!.keyId];
  const socket = await server.connect(people[0]!.user);
  await boris.keys.sendKeyRequest(asker, await signKeyRequest({ roomId, asker: leafOf(people[1]!), keyIds }, device));
  expect(await socket.event('keys:asked')).toEqual({ roomId, ...asker });
  const [open] = await anna.keys.fetchKeyRequests();
  const { chain } = await anna.room.catchUp();
  const findEpoch = () => Promise.resolve(first!);
  const giver = { device: people[0]!.device, leaf: leafOf(people[0]!), chain, deviceListOf, findEpoch };
  const answered = await answerKeyRequest(open!.request, giver);
  if ('refused' in answered) throw new Error(`The request was refused: ${answered.refused}.`);
  expect(await anna.keys.sendKeyAnswer(open!.asker, asker, answered.answer)).toBe(true);
  const [answer] = await boris.keys.fetchKeyAnswers();
  const taken = await openKeyAnswer(open!.request, answer!, { device, chain, deviceListOf });
  expect(taken).toEqual({ epochs: [], withheld: [keyIds[0]] });
  await boris.keys.deleteKeyRequest();
  expect(await anna.keys.sendKeyAnswer(open!.asker, asker, answered.answer)).toBe(false);
});

it('the server has the limits of the library', () => {
  expect([ENCRYPTED_ROOM_CAPACITY, MOST_KEY_ANSWERS, MOST_KEY_ANSWERS_OF_USER]).toEqual([
    MOST_LEAVES,
    MOST_KEY_ANSWERS_OF_LIBRARY,
    MOST_KEY_ANSWERS_OF_USER_OF_LIBRARY,
  ]);
});

it('two devices that begin, append and commit in the same moment end in one group', async () => {
  const people = [await newPerson('anna'), await newPerson('boris')];
  const { id: roomId } = await newRoom(people[0]!.user);
  await bringIn(people[0]!.user, roomId, people[1]!.user);
  const [anna, boris] = people.map((person) => new RoomOfDevice(roomId, person, people)) as [
    RoomOfDevice,
    RoomOfDevice,
  ];
  const found = (): Promise<void> =>
    anna.room.appendToChain((chain) => (chain ? null : { kind: 'founded', groupId: createGroupId(roomId, 0) }));
  await Promise.all([found(), found()]);
  await anna.room.appendToChain(() => admitted(people[1]!));
  await anna.room.joinGroup();
  await Promise.all([boris.room.joinGroup(), anna.post('One')]);
  await Promise.all([anna.post('Two'), boris.post('Three')]);
  const [annas, boriss] = [await anna.room.catchUp(), await boris.room.catchUp()];
  expect(annas.group!.epoch).toBe(boriss.group!.epoch);
  expect(await anna.read()).toEqual(expect.arrayContaining(['One']));
  expect(annas.splits).toEqual([]);
});

it.each<[string, string, (roomId: string) => [ChainBody, Uint8Array<ArrayBuffer> | null]]>([
  ['names a group beside an item that is refused', 'other_group', (id) => [removedStranger(), createGroupId(id, 7)]],
  [
    'sets up a group and names none',
    'no_group_info',
    (id) => [{ kind: 'regrouped', generation: 1, groupId: createGroupId(id, 1) }, null],
  ],
])('a member who %s has the others set up a new one', async (_, reason, attack) => {
  const people = [await newPerson('anna'), await newPerson('boris'), await newPerson('clara')];
  const { id: roomId } = await newRoom(people[0]!.user);
  await bringIn(people[0]!.user, roomId, people[1]!.user);
  await bringIn(people[0]!.user, roomId, people[2]!.user);
  const [anna, boris, clara] = people.map((person) => new RoomOfDevice(roomId, person, people)) as [
    RoomOfDevice,
    RoomOfDevice,
    RoomOfDevice,
  ];
  await anna.room.appendToChain(() => ({ kind: 'founded', groupId: createGroupId(roomId, 0) }));
  for (const person of people.slice(1)) await anna.room.appendToChain(() => admitted(person));
  for (const { room } of [anna, boris, clara]) await room.joinGroup();

  const { hashes, groupIds } = await clara.room.readChain();
  const [body, groupId] = attack(roomId);
  const { certified, device } = people[2]!;
  const place = { roomId, index: hashes.length, previous: hashes.at(-1)!, time: Date.now() };
  const signed = await signChainItem({ ...place, author: certified, body }, device);
  expect(await clara.delivery.sendChainItem(hashes.length, signed, groupId)).toBe(true);

  const stuck = anna.room.joinGroup().then(() => anna.room.changeGroup(({ group }) => (group.epoch > 3 ? null : {})));
  await expect(stuck).rejects.toMatchObject({ reason });
  await anna.room.regroup((await anna.room.readChain()).groupIds.length - 1);
  await boris.room.joinGroup();
  expect(await boris.post('Here again')).toEqual(expect.any(Number));
  const views = [await anna.room.catchUp(), await boris.room.catchUp()];
  expect(views[0]!.chain).toEqual(views[1]!.chain);
  expect(views[0]!.chain.groupIds.length).toBeGreaterThan(groupIds.length);
  expect(await anna.read()).toEqual(expect.arrayContaining(['Here again']));
});

/** Nobody may put out who is not in. */
function removedStranger(): ChainBody {
  return { kind: 'removed', userId: randomUUID() };
}
