import { type Bytes } from '../bytes/bytes';
import { createGroupId } from '../chain/group-id';
import { MemoryStore, ROOM } from '../testing/memory-room';
import { TestPerson } from '../testing/people';
import { admitted } from '../testing/test-chain';
import { renewEpoch, type RoomMember, TestRoom } from '../testing/test-room';
import { type SentCommit } from './ports';
import { type MemberView } from './room-device';

const HOUR = 3_600_000;

let test: TestRoom;
let [ann, bob, carl]: RoomMember[] = [];

beforeEach(async () => {
  test = await TestRoom.create('ann', 'bob', 'carl');
  [ann, bob, carl] = test.members;
  test.server.time += HOUR;
});

const goOn = ({ recovery, room }: RoomMember): Promise<MemberView> =>
  recovery.run(async () => {
    await room.joinGroup();
    return room.prepareToSeal();
  });
const generationsOf = async ({ room }: RoomMember): Promise<number> => (await room.readChain()).groupIds.length;
const agree = async (): Promise<void> => {
  for (const member of test.members) await goOn(member);
  expect((await test.catchUp()).size).toBe(1);
};
const epochSecret = async ({ group }: MemberView): Promise<Bytes> => group.exportEpochSecret();

/** Puts a commit that nobody can take in the place of the next one, as a member or the server may. */
const breakGroup = async (change: Partial<SentCommit> = {}): Promise<void> => {
  const groupId = (await ann!.room.readChain()).groupIds.at(-1)!;
  const groupInfo = (await test.server.fetchGroupInfo(groupId))!;
  const sent = { commit: new Uint8Array(9), welcome: null, groupInfo, rekeyedFor: null, ...change };
  await test.server.sendCommit(groupId, test.server.commitCount(groupId), sent);
};

describe('a device whose own group does not fit', () => {
  /** A server that has given Bob’s device another history than everybody else. */
  const leadAstray = async (): Promise<void> => {
    const own: Bytes[] = [];
    const epoch = (await bob!.room.catchUp()).group!.epoch;
    const astray = test.tab(bob!, {
      sendCommit: async (_groupId, _epoch, { commit }) => own.push(commit) > 0,
      fetchCommits: async (_groupId, from) => own.slice(from - epoch),
    });
    await renewEpoch(astray.room);
    for (const _ of 'ab') await renewEpoch(ann!.room);
  };

  it('comes back by itself, and sets up nothing anew', async () => {
    await leadAstray();
    await expect(bob!.room.catchUp()).rejects.toMatchObject({ reason: 'unprocessable' });
    const { group } = await goOn(bob!);
    expect(await group.exportEpochSecret()).toEqual(await epochSecret(await goOn(ann!)));
    expect(await generationsOf(ann!)).toBe(1);
    await agree();
  });

  it('does so at most once an hour', async () => {
    await leadAstray();
    await goOn(bob!);
    await leadAstray();
    const before = await bob!.store.readRoom();
    await bob!.room.rejoinGroup();
    expect(await bob!.store.readRoom()).toEqual(before);
    test.server.time += HOUR;
    await goOn(bob!);
    expect(await generationsOf(ann!)).toBe(1);
    await agree();
  });

  it('keeps the secrets of epochs before the commit that does not fit', async () => {
    await renewEpoch(ann!.room);
    const { epoch } = (await ann!.room.catchUp()).group!;
    await breakGroup();
    await expect(bob!.room.catchUp()).rejects.toMatchObject({ reason: 'malformed' });
    expect(bob!.store.epochs.at(-1)).toMatchObject({ epoch, secret: ann!.store.epochs.at(-1)!.secret });
  });

  it('comes back over a commit that the server keeps back', async () => {
    const { groupId, epoch } = (await bob!.room.catchUp()).group!;
    for (const _ of 'ab') await renewEpoch(ann!.room);
    const dropping = test.tab(bob!, {
      fetchCommits: async (id, from) => test.server.fetchCommits(id, Math.max(from, epoch + 1)),
    });
    await expect(dropping.room.catchUp()).rejects.toMatchObject({ reason: 'commit_missing' });
    const { group } = await goOn(dropping);
    expect(group.groupId).toEqual(groupId);
    expect(await generationsOf(ann!)).toBe(1);
    await agree();
  });
});

describe('a group with which nobody can go on', () => {
  it.each<[string, Partial<SentCommit>]>([
    ['with the group info of before', {}],
    ['with a group info that is none', { groupInfo: new Uint8Array(9) }],
  ])('is set up anew by the first who finds it, with all who belong in it, %s', async (_, change) => {
    for (const { access } of test.members) await access.keyPackages.renew();
    await breakGroup(change);
    const { group, chain } = await goOn(bob!);
    expect(chain.groupIds).toHaveLength(2);
    expect(chain.newestGroup).toMatchObject({ userId: 'bob', deviceId: 'phone' });
    expect(group.groupId).toEqual(chain.groupIds[1]);
    expect(group.roster.map(({ userId }) => userId).sort()).toEqual(['ann', 'bob', 'carl']);
    await agree();
    expect(await generationsOf(ann!)).toBe(2);
  });

  it('is set up anew once, however many find it at the same time', async () => {
    await breakGroup();
    const all = test.members.map((member) => goOn(member).catch(() => null));
    await Promise.all(all);
    await agree();
    expect(await generationsOf(ann!)).toBe(2);
  });

  it('is set up anew at most once an hour by each device', async () => {
    await breakGroup();
    await goOn(bob!);
    test.server.time += HOUR / 2;
    await breakGroup();
    await expect(goOn(bob!)).rejects.toThrow();
    expect(await generationsOf(ann!)).toBe(2);
    await goOn(carl!);
    expect(await generationsOf(ann!)).toBe(3);
    test.server.time += HOUR / 2;
    await breakGroup();
    await goOn(bob!);
    expect(await generationsOf(ann!)).toBe(4);
    await agree();
  });

  it('is set up to its end by the device that began, also after a crash', async () => {
    await breakGroup();
    const crashing = test.tab(bob!, { fetchGroupInfo: () => Promise.reject(new Error('crash')) });
    await expect(crashing.room.regroup(0)).rejects.toThrow('crash');
    await expect(goOn(ann!)).rejects.toMatchObject({ reason: 'no_group_info' });
    await goOn(bob!);
    await agree();
    expect(await generationsOf(ann!)).toBe(2);
  });

  it('is set up by another device if that one does not come back within a minute', async () => {
    await breakGroup();
    await bob!.room.appendToChain(() => ({ kind: 'regrouped', generation: 1, groupId: createGroupId(ROOM, 1) }));
    await expect(goOn(ann!)).rejects.toMatchObject({ reason: 'no_group_info' });
    test.server.time += 60_000;
    expect((await goOn(ann!)).chain.groupIds).toHaveLength(3);
    await agree();
  });

  it('keeps what a device has not read of it yet', async () => {
    await renewEpoch(ann!.room);
    const missed = (await ann!.room.catchUp()).group!.epoch;
    await breakGroup();
    await goOn(ann!);
    await goOn(bob!);
    const read = (epoch: number) => bob!.store.epochs.find((one) => one.epoch === epoch && one.roster.length === 3);
    expect(read(missed)?.secret).toEqual(ann!.store.epochs.find(({ epoch }) => epoch === missed)?.secret);
  });

  it('is no way in for who was never let in', async () => {
    await breakGroup();
    const eve = await TestPerson.create('eve');
    test.server.people.push(eve);
    test.server.setMember('eve', true);
    const eves = test.tab({ ...ann!, person: eve, store: new MemoryStore() });
    await expect(goOn(eves)).rejects.toMatchObject({ reason: 'not_admitted' });
    await expect(eves.room.regroup(0)).rejects.toMatchObject({ reason: 'not_allowed' });
    await ann!.room.appendToChain(() => admitted(eve));
    await goOn(eves);
    await agree();
  });
});
