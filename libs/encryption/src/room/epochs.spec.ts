import { type Bytes } from '../bytes/bytes';
import { memoryRoomAccess, memoryRoomDevice } from '../testing/memory-room';
import { renewEpoch, type RoomMember, TestRoom } from '../testing/test-room';
import { type RoomStatus } from './ports';
import { RoomDevice } from './room-device';

const HOUR = 3_600_000;

let test: TestRoom;
let [ann, bob]: RoomMember[] = [];

beforeEach(async () => {
  test = await TestRoom.create('ann', 'bob');
  [ann, bob] = test.members;
});

const epochOf = async ({ room }: RoomMember): Promise<number> => (await room.catchUp()).group!.epoch;
const sealed = async ({ room }: RoomMember): Promise<number> => (await room.prepareToSeal()).group.epoch;
/** @returns what the server says, but for that */
const saying = (status: Partial<RoomStatus>) => ({
  fetchStatus: async () => ({ ...(await test.server.fetchStatus()), ...status }),
});

describe('an epoch', () => {
  it('that is a day old is renewed by who writes next, and by nobody after', async () => {
    await renewEpoch(ann!.room);
    const before = await epochOf(ann!);
    test.server.time += 24 * HOUR - 1;
    expect(await sealed(ann!)).toBe(before);
    test.server.time += 1;
    expect(await sealed(bob!)).toBe(before + 1);
    expect(await sealed(ann!)).toBe(before + 1);
    expect((await test.catchUp()).size).toBe(1);
  });

  it('is as old for who hears of it late as for everybody else', async () => {
    await renewEpoch(ann!.room);
    const before = await epochOf(ann!);
    test.server.time += 23 * HOUR;
    expect(await sealed(bob!)).toBe(before);
    test.server.time += HOUR;
    expect(await sealed(bob!)).toBe(before + 1);
  });

  it('is as old for who was welcomed into it as for everybody else', async () => {
    const laptop = await ann!.person.addDevice('laptop');
    const access = memoryRoomAccess(laptop, test.server);
    await access.keyPackages.renew();
    const before = (await ann!.room.addMissingDevices()).group.epoch;
    test.server.time += 23 * HOUR;
    const room = new RoomDevice(access);
    expect((await room.joinGroup()).group.epoch).toBe(before);
    expect((await room.prepareToSeal()).group.epoch).toBe(before);
    test.server.time += HOUR;
    expect((await room.prepareToSeal()).group.epoch).toBe(before + 1);
  });

  it.each([
    ['ahead', 365 * 24 * HOUR],
    ['behind', -365 * 24 * HOUR],
  ])('of a device whose clock is %s is not kept by the others for longer than a day', async (_, wrong) => {
    const wrongly = test.tab(ann!, {}, { now: () => test.server.time + wrong });
    await renewEpoch(wrongly.room);
    const before = await epochOf(ann!);
    await epochOf(bob!);
    test.server.time += 24 * HOUR;
    expect(await sealed(bob!)).toBe(before + 1);
    expect(await sealed(bob!)).toBe(before + 1);
  });

  it('that has 5,000 messages is renewed, once for each message even if the server goes on saying so', async () => {
    test.server.time += HOUR;
    const before = await epochOf(ann!);
    expect(await sealed(test.tab(ann!, saying({ epochMessages: 4999 })))).toBe(before);
    const lied = test.tab(ann!, saying({ epochMessages: 5000 }));
    expect(await sealed(lied)).toBe(before + 1);
    expect(await sealed(lied)).toBe(before + 2);
    for (let i = 3; i <= 10; i++) await sealed(lied);
    await expect(sealed(lied)).rejects.toMatchObject({ reason: 'too_often' });
    expect((await test.catchUp()).size).toBe(1);
  });

  it('is renewed when the server waits for it, though nobody has to go out', async () => {
    test.server.setMember('carl', true);
    test.server.setMember('carl', false);
    const before = await epochOf(ann!);
    expect((await test.server.fetchStatus()).isRekeyDue).toBe(true);
    expect(await sealed(bob!)).toBe(before + 1);
    expect((await test.server.fetchStatus()).isRekeyDue).toBe(false);
  });

  it('of a joiner does not count as renewed: it has taken nobody out', async () => {
    test.server.setMember('bob', false);
    const laptop = await ann!.person.addDevice('laptop');
    const laptops = memoryRoomDevice(laptop, test.server);
    await laptops.joinGroup();
    expect((await test.server.fetchStatus()).isRekeyDue).toBe(true);
    const { group } = await laptops.prepareToSeal();
    expect(group.roster.map(({ userId }) => userId)).toEqual(['ann', 'ann']);
    expect((await test.server.fetchStatus()).isRekeyDue).toBe(false);
  });
});

describe('a room that was split', () => {
  /** Ann’s and Bob’s devices each make the next epoch, at a server that tells each of them of its own one alone. */
  const split = async (): Promise<number> => {
    const epoch = await epochOf(ann!);
    for (const member of [ann!, bob!]) {
      const own: Bytes[] = [];
      const alone = test.tab(member, {
        sendCommit: async (groupId, _, sent) => {
          own[0] ??= sent.commit;
          return member !== ann || test.server.sendCommit(groupId, epoch, sent);
        },
        fetchCommits: async (_, from) => (from === epoch ? own : []),
      });
      await renewEpoch(alone.room);
    }
    return epoch + 1;
  };
  const splitsOf = async ({ store }: RoomMember) => (await store.readRoom()).splits;

  it('is noticed when the secret of the other part comes, by the vault or who was asked; both are kept', async () => {
    const epoch = await split();
    const [anns, bobs] = [ann!, bob!].map(({ store }) => store.epochs.at(-1)!);
    expect([anns!.epoch, bobs!.epoch]).toEqual([epoch, epoch]);
    expect(anns!.secret).not.toEqual(bobs!.secret);
    await ann!.room.keepEpochs([anns!]);
    expect(await splitsOf(ann!)).toEqual([]);
    for (const _ of 'ab') await ann!.room.keepEpochs([bobs!]);
    expect(await splitsOf(ann!)).toEqual([{ generation: 0, epoch }]);
    expect(await ann!.store.readKeyIds(0, epoch)).toHaveLength(2);
    expect((await ann!.room.catchUp()).splits).toEqual([{ generation: 0, epoch }]);
  });

  it('refuses what goes on from the other part, and comes together again', async () => {
    await split();
    await renewEpoch(ann!.room);
    await expect(bob!.room.catchUp()).rejects.toMatchObject({ reason: 'unprocessable' });
    await bob!.recovery.run(() => bob!.room.prepareToSeal());
    expect((await test.catchUp()).size).toBe(1);
  });
});
