import { type Bytes, randomBytes } from '../bytes/bytes';
import { type ChainItem, signChainItem, type SignedChainItem } from '../chain/chain-item';
import { createGroupId } from '../chain/group-id';
import { memoryRoomDevice, ROOM } from '../testing/memory-room';
import { TestPerson } from '../testing/people';
import { admitted } from '../testing/test-chain';
import { renewEpoch, type RoomMember, TestRoom } from '../testing/test-room';

let test: TestRoom;
let [ann, bob, eve]: RoomMember[] = [];

beforeEach(async () => {
  test = await TestRoom.create('ann', 'bob', 'eve');
  [ann, bob, eve] = test.members;
});

/** @returns an item of Eve’s, with what should be wrong about it */
const sign = async (change: Partial<ChainItem> = {}): Promise<SignedChainItem> => {
  const { device } = eve!.person;
  const { hashes } = await eve!.room.readChain();
  const item: ChainItem = {
    roomId: ROOM,
    index: hashes.length,
    previous: hashes.at(-1)!,
    time: test.server.time,
    author: device.certified,
    body: { kind: 'earlier_messages', allowed: true },
    ...change,
  };
  return signChainItem(item, device);
};
const send = async (signed: SignedChainItem, groupId: Bytes | null = null): Promise<boolean> =>
  test.server.sendChainItem((await test.server.fetchChain(0)).length, signed, groupId);
/** @returns the chain as everybody has it, and as somebody reads it who has nothing of it yet */
const chains = async () => [
  ...(await Promise.all([ann!, bob!, eve!].map(({ room }) => room.readChain()))),
  await memoryRoomDevice(bob!.person.device, test.server).readChain(),
];

describe('a member who writes into the chain what devices refuse', () => {
  it.each<[string, () => Promise<SignedChainItem>]>([
    ['what is no item', async () => ({ item: randomBytes(99), signature: randomBytes(64) })],
    ['nothing', async () => ({ item: new Uint8Array(), signature: new Uint8Array() })],
    ['what nobody has signed', async () => ({ ...(await sign()), signature: randomBytes(64) })],
    ['what another one should have signed', () => sign({ author: ann!.person.device.certified })],
    [
      'an item of a device that no identity has signed',
      async () => sign({ author: (await eve!.person.addDevice('ghost', { isGhost: true })).certified }),
    ],
    ['an item that follows on another one', () => sign({ previous: randomBytes(32) })],
    ['an item that comes later', () => sign({ index: 99 })],
    ['an item of before', () => sign({ index: 1 })],
    ['an item of another room', () => sign({ roomId: 'other' })],
    ['what must not be said', () => sign({ body: { kind: 'removed', userId: 'nobody' } })],
  ])('ends no room, and splits none: %s', async (_, junk) => {
    const { length } = (await ann!.room.readChain()).hashes;
    const dave = await TestPerson.create('dave');
    test.server.people.push(dave);
    test.server.setMember('dave', true);
    expect(await send(await junk())).toBe(true);
    await ann!.room.appendToChain(() => admitted(dave));
    expect(await send(await junk())).toBe(true);
    await renewEpoch(bob!.room);
    const daves = memoryRoomDevice(dave.device, test.server);
    expect((await daves.joinGroup()).group.roster).toHaveLength(4);
    test.server.setMember('eve', false);
    await bob!.room.appendToChain(() => ({ kind: 'removed', userId: 'eve' }));
    await bob!.room.prepareToSeal();
    expect((await ann!.room.catchUp()).group?.roster).toHaveLength(3);
    for (const chain of await chains()) expect(chain).toEqual(await daves.readChain());
    expect((await daves.readChain()).hashes).toHaveLength(length + 2);
  });

  it('keeps nobody from what was written before and after, as often as it comes', async () => {
    for (const seq of [1, 2, 3]) {
      for (const _ of 'abc') await send(await sign({ index: 0 }));
      const { room } = [ann!, bob!, eve!][seq % 3]!;
      await room.appendToChain(() => ({ kind: 'earlier_messages', allowed: seq === 3 }));
      await test.catchUp();
    }
    for (const chain of await chains()) expect(chain).toEqual(await ann!.room.readChain());
    expect((await ann!.room.readChain()).earlierMessagesSince).not.toBeNull();
    // What was taken is stored, with what was refused before it, and nothing after it.
    const stored = (await bob!.store.readRoom()).chain;
    await send(await sign({ index: 0 }));
    await bob!.room.catchUp();
    expect((await bob!.store.readRoom()).chain).toEqual(stored);
  });

  it('cannot keep the room without a group by a group of which the chain knows nothing', async () => {
    const groupId = createGroupId(ROOM, 7);
    await send(await sign({ body: { kind: 'regrouped', generation: 7, groupId } }), groupId);
    test.server.time += 3_600_000;
    await bob!.recovery.run(() => renewEpoch(bob!.room));
    await ann!.recovery.run(() => ann!.room.joinGroup());
    const groups = await Promise.all([ann!, bob!].map(async ({ room }) => (await room.catchUp()).group!));
    const [anns, bobs] = await Promise.all(groups.map((group) => group.exportEpochSecret()));
    expect(anns).toEqual(bobs);
    expect((await ann!.room.readChain()).groupIds).toHaveLength(2);
  });
});
