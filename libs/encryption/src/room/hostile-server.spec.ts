import { type Bytes } from '../bytes/bytes';
import { createGroupId } from '../chain/group-id';
import { type ChainFloor } from '../chain/room-chain';
import { memoryRoomAccess, memoryRoomDevice, MemoryStore, ROOM } from '../testing/memory-room';
import { lyingServer, MemoryServer } from '../testing/memory-server';
import { TestPerson } from '../testing/people';
import { admitted } from '../testing/test-chain';
import { NOTE } from '../testing/test-group';
import { type RoomDelivery, type RoomPeople } from './ports';
import { RoomDevice } from './room-device';
import { type RoomRefusalReason } from './room-history';

let server: MemoryServer;
let [ann, bob, eve]: TestPerson[] = [];
let [anns, bobs]: RoomDevice[] = [];
let bobsStore: MemoryStore;

beforeEach(async () => {
  server = new MemoryServer();
  [ann, bob, eve] = await Promise.all(['ann', 'bob', 'eve'].map((name) => TestPerson.create(name)));
  server.people.push(ann!, bob!, eve!);
  for (const { userId } of server.people) server.setMember(userId, true);
  bobsStore = new MemoryStore();
  [anns, bobs] = [memoryRoomDevice(ann!.device, server), memoryRoomDevice(bob!.device, server, { store: bobsStore })];
  await anns.appendToChain(() => ({ kind: 'founded', groupId: createGroupId(ROOM, 0) }));
  await anns.appendToChain(() => admitted(bob!));
  await anns.createGroup();
  await bobs.joinGroup();
});

const lying = (lies: Partial<RoomDelivery>): RoomDelivery => lyingServer(server, lies);
const refusalOf = (running: Promise<unknown>): Promise<RoomRefusalReason | undefined> =>
  running.then(
    () => undefined,
    (error: { reason?: RoomRefusalReason }) => error.reason,
  );
const groupIdOf = async (): Promise<Bytes> => (await anns!.catchUp()).chain.groupIds[0]!;

describe('a server', () => {
  it('does not get a user in by putting them on the list of members', async () => {
    const eves = memoryRoomDevice(eve!.device, server);
    expect(await refusalOf(eves.joinGroup())).toBe('not_admitted');
    const view = await anns!.catchUp();
    const info = await view.group!.exportGroupInfo(view.note);
    const everybody = {
      ...view.policy,
      admissionOf: () => 'admitted' as const,
      deviceListOf: (userId: string, identity: Uint8Array) => server.deviceListOf(userId, identity),
    };
    const forced = await eve!.device.groups.joinByCommit(
      view.group!.groupId,
      info,
      eve!.device.leafIdentity(),
      view.note,
      () => everybody,
    );
    if ('refused' in forced) throw new Error(forced.refused);
    await server.sendCommit(view.group!.groupId, view.group!.epoch, {
      commit: forced.commit,
      welcome: null,
      groupInfo: info,
      rekeyedFor: null,
    });
    const before = await bobsStore.readRoom();
    for (const room of [anns!, bobs!]) expect(await refusalOf(room.catchUp())).toBe('not_admitted');
    expect(await bobsStore.readRoom()).toEqual(before);
  });

  it('that lets in a commit which nobody can take stops the room, until it is set up anew', async () => {
    const groupId = await groupIdOf();
    const view = await anns!.catchUp();
    await server.sendCommit(groupId, view.group!.epoch, {
      commit: new Uint8Array(9),
      welcome: null,
      groupInfo: new Uint8Array(),
      rekeyedFor: null,
    });
    for (const room of [anns!, bobs!]) expect(await refusalOf(room.catchUp())).toBe('malformed');
    await bobs!.appendToChain(() => ({ kind: 'regrouped', generation: 1, groupId: createGroupId(ROOM, 1) }));
    await bobs!.createGroup();
    const { group } = await anns!.joinGroup();
    expect(group.roster.map(({ userId }) => userId)).toEqual(['bob', 'ann']);
    expect(await group.exportEpochSecret()).toEqual(await (await bobs!.catchUp()).group!.exportEpochSecret());
  });

  it('that keeps a commit back cannot put it into the group that was set up anew', async () => {
    await anns!.appendToChain(() => admitted(eve!));
    const store = new MemoryStore();
    const cut = lying({ sendCommit: () => Promise.reject(new Error('cut')) });
    await expect(memoryRoomDevice(eve!.device, server, { store, delivery: cut }).joinGroup()).rejects.toThrow('cut');
    expect((await store.readRoom()).pending).not.toBeNull();
    await bobs!.appendToChain(() => ({ kind: 'regrouped', generation: 1, groupId: createGroupId(ROOM, 1) }));
    await bobs!.createGroup();
    const { group } = await memoryRoomDevice(eve!.device, server, { store }).joinGroup();
    expect(await group.exportEpochSecret()).toEqual(await (await bobs!.catchUp()).group!.exportEpochSecret());
  });

  it('does not get a removed member back', async () => {
    server.setMember('bob', false);
    await anns!.appendToChain(() => ({ kind: 'removed', userId: 'bob' }));
    await anns!.prepareToSeal();
    server.setMember('bob', true);
    expect(await refusalOf(bobs!.joinGroup())).toBe('not_admitted');
    expect((await anns!.prepareToSeal()).group.roster.map(({ userId }) => userId)).toEqual(['ann']);
  });

  it('gets nothing by sending commits again or in another order', async () => {
    const liars = memoryRoomDevice(bob!.device, server, {
      store: bobsStore,
      delivery: lying({ fetchCommits: async (groupId) => (await server.fetchCommits(groupId, 0)).toReversed() }),
    });
    for (const _ of 'abc') await anns!.changeGroup(once());
    for (const _ of 'abc') await liars.catchUp();
    const { group } = await liars.catchUp();
    expect(await group!.exportEpochSecret()).toEqual(await (await anns!.catchUp()).group!.exportEpochSecret());
  });

  it.each<[string, () => Promise<Partial<RoomDelivery>>]>([
    ['items twice', async () => ({ fetchChain: () => server.fetchChain(0) })],
    ['items without the one before', async () => ({ fetchChain: (from) => server.fetchChain(from + 1) })],
    [
      'items of another chain',
      async () => {
        const other = new MemoryServer();
        const others = memoryRoomDevice(ann!.device, other);
        await others.appendToChain(() => ({ kind: 'founded', groupId: createGroupId(ROOM, 0) }));
        for (const person of [eve!, bob!]) await others.appendToChain(() => admitted(person));
        return { fetchChain: (from) => other.fetchChain(from) };
      },
    ],
  ])('does no harm that lasts with %s', async (_, lies) => {
    const { length } = (await bobs!.catchUp()).chain.hashes;
    await anns!.appendToChain(() => ({ kind: 'encrypted_from', seq: 1 }));
    await anns!.appendToChain(() => ({ kind: 'earlier_messages', allowed: true }));
    const lied = memoryRoomDevice(bob!.device, server, { store: bobsStore, delivery: lying(await lies()) });
    for (const _ of 'ab') expect((await lied.catchUp()).chain.hashes.length).toBeGreaterThanOrEqual(length);
    expect((await bobs!.catchUp()).chain).toEqual((await anns!.catchUp()).chain);
  });

  it.each<[string, RoomRefusalReason, () => Promise<Partial<RoomDelivery>>]>([
    [
      'later commits without the one before',
      'commit_missing',
      async () => {
        for (const _ of 'ab') await anns!.changeGroup(once());
        return { fetchCommits: (groupId, from) => server.fetchCommits(groupId, from + 1) };
      },
    ],
    [
      'commits that name a chain which it keeps back',
      'chain_behind',
      async () => {
        await anns!.appendToChain(() => ({ kind: 'encrypted_from', seq: 1 }));
        await anns!.changeGroup(once());
        return { fetchChain: async () => [] };
      },
    ],
  ])('is refused with %s', async (_, refused, lies) => {
    const room = memoryRoomDevice(bob!.device, server, { store: bobsStore, delivery: lying(await lies()) });
    expect(await refusalOf(room.catchUp())).toBe(refused);
  });

  it.each<[string, RoomRefusalReason, Partial<ChainFloor>, Partial<RoomDelivery>]>([
    [
      'too little of the chain',
      'cut_short',
      {},
      { fetchChain: async (from) => (await server.fetchChain(0)).slice(from, 2) },
    ],
    ['the room of another founder', 'other_founder', { founderIdentity: new Uint8Array(32) }, {}],
    ['another history', 'forked', { chainHead: new Uint8Array(32) }, {}],
    ['an old group', 'below_floor', { epoch: 99 }, {}],
    ['no group info', 'no_group_info', {}, { fetchGroupInfo: async () => null }],
    ['a group info that is none', 'malformed', {}, { fetchGroupInfo: async () => new Uint8Array(5) }],
    ['no chain', 'no_chain', {}, { fetchChain: async () => [] }],
  ])('does not get a newcomer in with %s', async (_, refused, change, lies) => {
    await anns!.appendToChain(() => admitted(eve!));
    const { chain, group } = await anns!.catchUp();
    const right: ChainFloor = {
      founderIdentity: chain.founder.identity,
      generation: 0,
      epoch: group!.epoch,
      chainLength: chain.hashes.length,
      chainHead: chain.hashes.at(-1)!,
    };
    const floor = { ...right, ...change };
    const room = memoryRoomDevice(eve!.device, server, { floor, delivery: lying(lies) });
    expect(await refusalOf(room.joinGroup())).toBe(refused);
    const honest = memoryRoomDevice(eve!.device, server, { floor: right });
    expect((await honest.joinGroup()).group.own.userId).toBe('eve');
  });

  it('does not get a newcomer in with an older list of a member’s devices, which it keeps back', async () => {
    await anns!.appendToChain(() => admitted(eve!));
    const older = bob!.list;
    await memoryRoomDevice(await bob!.addDevice('laptop'), server).joinGroup();
    const access = memoryRoomAccess(eve!.device, server);
    const lied: RoomPeople = {
      isMember: (userId, version) => server.isMember(userId, version),
      deviceListOf: (userId, identity) => (userId === 'bob' ? older : server.deviceListOf(userId, identity)),
    };
    expect(await refusalOf(new RoomDevice({ ...access, people: lied }).joinGroup())).toBe('list_behind');
    expect((await new RoomDevice(access).joinGroup()).group.roster).toHaveLength(4);
  });

  it('does not get a group info of another room in', async () => {
    const { group } = await anns!.catchUp();
    await anns!.appendToChain(() => admitted(eve!));
    const other = await ann!.device.groups.create(createGroupId('other', 0), ann!.device.leafIdentity());
    const info = await other.exportGroupInfo(NOTE);
    const room = memoryRoomDevice(eve!.device, server, { delivery: lying({ fetchGroupInfo: async () => info }) });
    expect(await refusalOf(room.joinGroup())).toBe('other_group');
    expect(group).not.toBeNull();
  });
});

/** @returns a change that is done after one commit */
function once(): () => Record<string, never> | null {
  let isDone = false;
  return () => {
    if (isDone) return null;
    isDone = true;
    return {};
  };
}
