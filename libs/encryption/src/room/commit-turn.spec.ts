import { renewEpoch, type RoomMember, TestRoom } from '../testing/test-room';

const MINUTE = 60_000;

let test: TestRoom;
let [ann, bob]: RoomMember[] = [];
let pauses: number[];

beforeEach(async () => {
  test = await TestRoom.create('ann', 'bob', 'carl');
  [ann, bob] = test.members;
  test.server.time += MINUTE;
  pauses = [];
});

const epochOf = async ({ room }: RoomMember): Promise<number> => (await room.catchUp()).group!.epoch;
/** @returns the same device; what happens while it waits */
const waiting = (member: RoomMember, meanwhile: () => Promise<unknown> = async () => undefined, lies = {}) =>
  test.tab(member, lies, {
    pause: async (milliseconds) => {
      pauses.push(milliseconds);
      await meanwhile();
      test.server.time += milliseconds;
    },
  });

describe('a claim', () => {
  it('lets others wait for what the first one does, which they then need not do', async () => {
    test.server.setMember('carl', false);
    const before = await epochOf(ann!);
    const { groupId } = (await ann!.room.catchUp()).group!;
    await test.server.claimCommit(groupId, before, ann!.access.device);
    const { group } = await waiting(bob!, () => ann!.room.prepareToSeal()).room.prepareToSeal();
    expect(group.roster.map(({ userId }) => userId)).toEqual(['ann', 'bob']);
    expect(group.epoch).toBe(before + 1);
    expect(pauses).toEqual([3000]);
  });

  it('ends after three seconds, if its owner is gone', async () => {
    const before = await epochOf(ann!);
    const { groupId } = (await ann!.room.catchUp()).group!;
    await test.server.claimCommit(groupId, before, ann!.access.device);
    test.server.time += 1000;
    await renewEpoch(waiting(bob!).room);
    expect(pauses).toEqual([2000]);
    expect(await epochOf(ann!)).toBe(before + 1);
  });

  it('is of a device, not of a tab', async () => {
    const { groupId, epoch } = (await ann!.room.catchUp()).group!;
    await test.server.claimCommit(groupId, epoch, ann!.access.device);
    await renewEpoch(waiting(ann!).room);
    expect(pauses).toEqual([]);
  });

  it('that the server never gives delays a commit, and hinders none', async () => {
    const before = await epochOf(ann!);
    await renewEpoch(waiting(bob!, undefined, { claimCommit: async () => 999_999 }).room);
    expect(pauses).toEqual([3000, 3000, 3000]);
    expect(await epochOf(ann!)).toBe(before + 1);
  });

  it('that the server gives to everybody lets one of them win, and loses nothing', async () => {
    const before = await epochOf(ann!);
    await Promise.all(
      [ann!, bob!].map((member) => renewEpoch(waiting(member, undefined, { claimCommit: async () => 0 }).room)),
    );
    expect(await epochOf(ann!)).toBeGreaterThan(before);
    expect((await test.catchUp()).size).toBe(1);
  });
});

describe('a device', () => {
  it('commits ten times a minute, and the server gives it no more claims', async () => {
    for (let i = 0; i < 10; i++) await renewEpoch(ann!.room);
    const { groupId, epoch } = (await ann!.room.catchUp()).group!;
    expect(await test.server.claimCommit(groupId, epoch, ann!.access.device)).toBe(MINUTE);
    await expect(renewEpoch(ann!.room)).rejects.toMatchObject({ reason: 'too_often' });
    expect(await test.server.claimCommit(groupId, epoch, bob!.access.device)).toBe(0);
    test.server.time += MINUTE;
    await renewEpoch(ann!.room);
  });
});
