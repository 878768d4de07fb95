import { type Bytes } from '../bytes/bytes';
import { createGroupId } from '../chain/group-id';
import { type Group } from '../group/group';
import { memoryRoomAccess, memoryRoomDevice, MemoryStore, ROOM } from '../testing/memory-room';
import { lyingServer, MemoryServer } from '../testing/memory-server';
import { TestPerson } from '../testing/people';
import { admitted } from '../testing/test-chain';
import { NOTE } from '../testing/test-group';
import { KeyPackages } from './key-packages';
import { type RoomDelivery } from './ports';
import { type MemberView } from './room-device';

const DAY = 86_400_000;

let server: MemoryServer;
let store: MemoryStore;
let [ann, bob, carl]: TestPerson[] = [];

beforeEach(async () => {
  [server, store] = [new MemoryServer(), new MemoryStore()];
  [ann, bob, carl] = await Promise.all(['ann', 'bob', 'carl'].map((name) => TestPerson.create(name)));
  server.people.push(ann!, bob!, carl!);
  for (const { userId } of server.people) server.setMember(userId, true);
});

/** @returns the key packages of Bob’s device, in another tab each time */
const bobs = (send = (keyPackage: Bytes) => server.sendKeyPackage(bob!.device, keyPackage)): KeyPackages =>
  new KeyPackages({
    groups: bob!.device.groups,
    store,
    delivery: { sendKeyPackage: send },
    leafIdentity: () => bob!.device.leafIdentity(),
    now: () => server.time,
  });
const atServer = (): Promise<Bytes | null> => server.fetchKeyPackage(bob!.device);

describe('a device', () => {
  it('has one key package at the server, and another one after seven days', async () => {
    await bobs().renew();
    const first = await atServer();
    expect(await bob!.device.groups.readKeyPackage(first!, server.time)).toMatchObject({ userId: 'bob' });
    server.time += 7 * DAY - 1;
    await bobs().renew();
    expect(await atServer()).toEqual(first);
    server.time += 1;
    await bobs().renew();
    expect(await atServer()).not.toEqual(first);
  });

  it('keeps the private half of one that was replaced for thirty days', async () => {
    await bobs().renew();
    const [first] = await bobs().readSecrets();
    await bobs().replaceUsed(first!);
    server.time += 30 * DAY - 1;
    expect(await bobs().readSecrets()).toContainEqual(first);
    await bobs().renew();
    expect(await bobs().readSecrets()).toContainEqual(first);
    server.time += 1;
    await bobs().renew();
    expect(await bobs().readSecrets()).not.toContainEqual(first);
  });

  it('sends again what was cut off, and nobody has a key package whose private half is not stored', async () => {
    await expect(bobs(() => Promise.reject(new Error('cut'))).renew()).rejects.toThrow('cut');
    const [stored] = await bobs().readSecrets();
    expect(stored).toBeDefined();
    await bobs().renew();
    expect(await bobs().readSecrets()).toEqual([stored]);
    expect(await atServer()).not.toBeNull();
  });

  it('has one current key package, however many tabs begin at once', async () => {
    await Promise.all([bobs().renew(), bobs().renew(), bobs().renew()]);
    const { packages } = await store.readKeyPackages();
    expect(packages.filter(({ replaced }) => replaced === null)).toHaveLength(1);
    expect(await atServer()).toEqual(packages.at(-1)!.keyPackage);
  });

  it('replaces what a clock that was ahead has made', async () => {
    server.time += 1000 * DAY;
    await bobs().renew();
    const first = await atServer();
    server.time -= 1000 * DAY;
    await bobs().renew();
    expect(await atServer()).not.toEqual(first);
  });
});

describe('a server', () => {
  const rosterOf = ({ group }: MemberView): string[] => group.roster.map(({ userId }) => userId);
  const annsRoom = async (lies: Partial<RoomDelivery> = {}) => {
    const anns = memoryRoomDevice(ann!.device, server, { delivery: lyingServer(server, lies) });
    await anns.appendToChain(() => ({ kind: 'founded', groupId: createGroupId(ROOM, 0) }));
    for (const person of [bob!, carl!]) await anns.appendToChain(() => admitted(person));
    await anns.createGroup();
    return anns;
  };

  it.each<[string, () => Promise<Bytes | null>]>([
    ['that of another member', () => server.fetchKeyPackage(carl!.device)],
    [
      'one that it has made itself',
      async () => {
        const ghost = await TestPerson.create('bob');
        return (await ghost.device.groups.createKeyPackage(bob!.device.leafIdentity(), server.time)).keyPackage;
      },
    ],
    [
      'one of a ghost device',
      async () => {
        const ghost = await bob!.addDevice('ghost', { isGhost: true });
        return (await ghost.groups.createKeyPackage(ghost.leafIdentity(), server.time)).keyPackage;
      },
    ],
    ['noise', async () => new Uint8Array(99)],
    [
      'one whose time is over',
      async () => (await bob!.device.groups.createKeyPackage(bob!.device.leafIdentity(), 0)).keyPackage,
    ],
  ])('that hands out %s instead gets nobody in by it', async (_, swapped) => {
    const carls = memoryRoomAccess(carl!.device, server);
    await Promise.all([bobs().renew(), carls.keyPackages.renew()]);
    const anns = await annsRoom({
      fetchKeyPackage: async (device) => (device.userId === 'bob' ? swapped() : server.fetchKeyPackage(device)),
    });
    expect(rosterOf(await anns.addMissingDevices())).toEqual(['ann', 'carl']);
    const { group } = await memoryRoomDevice(bob!.device, server).joinGroup();
    expect(group.roster.map(({ userId }) => userId)).toContain('bob');
  });

  it('that hands one out twice gets a device into two groups, and into neither twice', async () => {
    await bobs().renew();
    const anns = await annsRoom();
    const keyPackage = (await atServer())!;
    const view = await anns.addMissingDevices();
    await expect(view.group.prepareCommit({ add: [keyPackage] }, view.note, view.policy)).rejects.toThrow();
    const other = await ann!.device.groups.create(createGroupId('other', 0), ann!.device.leafIdentity());
    const { welcome } = await other.prepareCommit({ add: [keyPackage] }, NOTE, view.policy);
    const [secret] = await bobs().readSecrets();
    const here = (await server.fetchWelcome(view.group.groupId, bob!.device))!;
    const join = async (groupId: Bytes, bytes: Bytes): Promise<Group> => {
      const joined = await bob!.device.groups.joinByWelcome(groupId, bytes, secret!, () => view.policy);
      if ('refused' in joined) throw new Error(joined.refused);
      return joined.group;
    };
    const secrets = await Promise.all([
      (await join(view.group.groupId, here)).exportEpochSecret(),
      (await join(other.groupId, welcome!)).exportEpochSecret(),
    ]);
    expect(secrets[0]).not.toEqual(secrets[1]);
  });

  it('that hands out an old one keeps nobody out', async () => {
    await bobs().renew();
    const old = await atServer();
    await bobs().replaceUsed((await bobs().readSecrets())[0]!);
    server.time += 31 * DAY;
    await bobs().renew();
    const anns = await annsRoom({
      fetchKeyPackage: async (device) => (device.userId === 'bob' ? old : null),
    });
    expect(rosterOf(await anns.addMissingDevices())).toEqual(['ann', 'bob']);
    const { group } = await memoryRoomDevice(bob!.device, server, { store }).joinGroup();
    expect(await group.exportEpochSecret()).toEqual(await (await anns.catchUp()).group!.exportEpochSecret());
  });
});
