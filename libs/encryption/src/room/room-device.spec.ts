import { type Bytes } from '../bytes/bytes';
import { createGroupId } from '../chain/group-id';
import { memoryRoomAccess, memoryRoomDevice, MemoryStore, ROOM } from '../testing/memory-room';
import { lyingServer, MemoryServer } from '../testing/memory-server';
import { TestPerson } from '../testing/people';
import { admitted } from '../testing/test-chain';
import { type RoomDelivery } from './ports';
import { type MemberView, RoomDevice } from './room-device';
import { type RoomAccess, RoomRefusal } from './room-history';
import { RoomRecovery } from './room-recovery';

let server: MemoryServer;
let store: MemoryStore;
let [ann, bob]: TestPerson[] = [];
let bobs: RoomDevice;

beforeEach(async () => {
  [server, store] = [new MemoryServer(), new MemoryStore()];
  [ann, bob] = await Promise.all(['ann', 'bob'].map((name) => TestPerson.create(name)));
  server.people.push(ann!, bob!);
  for (const { userId } of server.people) server.setMember(userId, true);
  const anns = tab();
  await anns.appendToChain(() => ({ kind: 'founded', groupId: createGroupId(ROOM, 0) }));
  await anns.appendToChain(() => admitted(bob!));
  await anns.createGroup();
  bobs = memoryRoomDevice(bob!.device, server);
  await bobs.joinGroup();
});

/** @returns the room in a tab of Ann’s device, at a server that differs where it is said */
const tab = (changes: Partial<RoomDelivery> = {}): RoomDevice =>
  memoryRoomDevice(ann!.device, server, { store, delivery: lyingServer(server, changes) });
const groupId = async (): Promise<Bytes> => (await bobs.catchUp()).chain.groupIds[0]!;
const epochOf = async (room: RoomDevice): Promise<number> => (await room.catchUp()).group!.epoch;
const renew = async (room: RoomDevice): Promise<void> => {
  let before: number | undefined;
  await room.changeGroup(({ group }) => ((before ??= group.epoch) === group.epoch ? {} : null));
};
const agree = async (): Promise<void> => {
  const [anns, others] = [(await tab().catchUp()).group!, (await bobs.catchUp()).group!];
  expect(await anns.exportEpochSecret()).toEqual(await others.exportEpochSecret());
};

describe('a commit', () => {
  it.each<[string, (epoch: number) => Partial<RoomDelivery>]>([
    ['before the server had it', () => ({ sendCommit: () => Promise.reject(new Error('cut')) })],
    [
      'after the server had it',
      () => ({
        sendCommit: async (...sent) => {
          await server.sendCommit(...sent);
          throw new Error('cut');
        },
      }),
    ],
    [
      'before the device read what became of it',
      (epoch) => ({
        fetchCommits: async (groupId, from) => {
          if (server.commitCount(groupId) > epoch) throw new Error('cut');
          return server.fetchCommits(groupId, from);
        },
      }),
    ],
  ])('that was cut off %s is taken up', async (_, cut) => {
    const before = await epochOf(tab());
    await expect(renew(tab(cut(before)))).rejects.toThrow('cut');
    expect((await store.readRoom()).pending).not.toBeNull();
    expect(await epochOf(tab())).toBe(before + 1);
    expect((await store.readRoom()).pending).toBeNull();
    await agree();
  });

  it('of which the server says nothing stays pending', async () => {
    const before = await epochOf(tab());
    const silent = tab({ fetchCommits: async () => [] });
    await expect(renew(silent)).rejects.toThrow(RoomRefusal);
    await expect(silent.catchUp()).rejects.toMatchObject({ reason: 'undecided' });
    expect(await epochOf(tab())).toBe(before + 1);
    await agree();
  });

  it('that came too late is dropped, and made again where it is still needed', async () => {
    const before = await epochOf(tab());
    await expect(renew(tab({ sendCommit: () => Promise.reject(new Error('cut')) }))).rejects.toThrow('cut');
    await renew(bobs);
    expect(await epochOf(tab())).toBe(before + 1);
    await agree();
  });

  it('of one tab is not forgotten by another one that made one for the same epoch', async () => {
    const before = await epochOf(tab());
    const [prepares, isRead, isSent] = [gate(), gate(), gate()];
    const slow = tab({
      fetchStatus: async () => {
        prepares.open();
        await isSent.opened;
        return server.fetchStatus();
      },
    });
    const late = renew(slow);
    await prepares.opened;
    let asked = 0;
    const first = renew(
      tab({
        fetchCommits: async (groupId, from) => {
          if (server.commitCount(groupId) > before && asked++ === 0) {
            isSent.open();
            await isRead.opened;
          }
          return server.fetchCommits(groupId, from);
        },
      }),
    );
    await isSent.opened;
    await late;
    isRead.open();
    await first;
    await agree();
  });

  it('by two tabs at once makes two epochs, or one', async () => {
    const before = await epochOf(tab());
    await Promise.all([renew(tab()), renew(tab())]);
    expect(await epochOf(tab())).toBeGreaterThan(before);
    await agree();
  });
});

describe('a welcome', () => {
  let carl: TestPerson;

  beforeEach(async () => {
    carl = await TestPerson.create('carl');
    server.people.push(carl);
    server.setMember('carl', true);
    await tab().appendToChain(() => admitted(carl));
  });

  /** @returns what the room of Carl’s device hangs on, with a key package at the server */
  const carlsAccess = async (changes: Partial<RoomDelivery> = {}): Promise<RoomAccess> => {
    const access = memoryRoomAccess(carl.device, server, { delivery: lyingServer(server, changes) });
    await access.keyPackages.renew();
    return access;
  };
  const rosterOf = ({ group }: MemberView): string[] => group.roster.map(({ userId }) => userId);
  /** A device that cannot come in by itself. */
  const onlyWelcomed: Partial<RoomDelivery> = { sendCommit: () => Promise.reject(new Error('by itself')) };

  it('lets a device in', async () => {
    const carls = new RoomDevice(await carlsAccess(onlyWelcomed));
    expect(rosterOf(await tab().addMissingDevices())).toEqual(['ann', 'bob', 'carl']);
    expect(rosterOf(await carls.joinGroup())).toEqual(['ann', 'bob', 'carl']);
    await renew(tab());
    await agree();
    expect((await carls.joinGroup()).group.epoch).toBe(await epochOf(tab()));
  });

  it('is asked for, and waited for as long as another device may need for it', async () => {
    const access = await carlsAccess(onlyWelcomed);
    const pauses: number[] = [];
    const pause = async (milliseconds: number): Promise<void> => {
      pauses.push(milliseconds);
      await bobs.addMissingDevices();
    };
    expect(rosterOf(await new RoomDevice({ ...access, pause }).joinGroup())).toContain('carl');
    expect(pauses).toEqual([2000]);
    expect(server.asking).toContainEqual({ userId: 'carl', deviceId: 'phone' });
  });

  it('is used once, and the key package with it', async () => {
    const access = await carlsAccess();
    const before = await server.fetchKeyPackage(carl.device);
    await tab().addMissingDevices();
    await new RoomDevice(access).joinGroup();
    expect(await server.fetchKeyPackage(carl.device)).not.toEqual(before);
    expect(await server.fetchWelcome(await groupId(), carl.device)).toBeNull();
  });

  it('that does not fit, or does not come, is not needed', async () => {
    const access = await carlsAccess({ fetchWelcome: async () => new Uint8Array(9) });
    expect(rosterOf(await new RoomDevice(access).joinGroup())).toContain('carl');
    await agree();
  });

  it('from before keeps nobody out, however often the server repeats it', async () => {
    const lies: Partial<RoomDelivery> = {};
    const access = await carlsAccess(lies);
    await tab().addMissingDevices();
    const old = await server.fetchWelcome(await groupId(), carl.device);
    await new RoomDevice(access).joinGroup();
    server.setMember('carl', false);
    await tab().prepareToSeal();
    expect((await new RoomDevice(access).catchUp()).group).toBeNull();
    server.setMember('carl', true);
    lies.fetchWelcome = async () => old;
    expect(rosterOf(await new RoomDevice(access).joinGroup())).toContain('carl');
    await agree();
  });

  it('of a commit that was not taken leads astray, until the device comes back by itself', async () => {
    const lies: Partial<RoomDelivery> = {};
    const access = await carlsAccess(lies);
    const inviting = tab({
      sendCommit: async (id, epoch, sent) => {
        const astray = sent.welcome?.welcome;
        if (!astray || lies.fetchWelcome) return server.sendCommit(id, epoch, sent);
        lies.fetchWelcome = async () => astray;
        await renew(bobs);
        return false;
      },
    });
    await inviting.addMissingDevices();
    const carls = new RoomDevice(access);
    await expect(carls.joinGroup()).rejects.toMatchObject({ reason: 'unprocessable' });
    const { group } = await new RoomRecovery(access, carls).run(() => carls.joinGroup());
    await agree();
    expect(await group.exportEpochSecret()).toEqual(await (await tab().catchUp()).group!.exportEpochSecret());
  });
});

describe('a device', () => {
  it('keeps the secret of each epoch in which it was, once', async () => {
    for (const room of [tab(), bobs, tab()]) await renew(room);
    const epochs = store.epochs.map(({ epoch }) => epoch);
    expect(epochs).toEqual([...new Set(epochs)]);
    expect(epochs.at(-1)).toBe(await epochOf(tab()));
    expect(epochs.length).toBe(epochs.at(-1)! + 1);
  });

  it('seals nothing while somebody stale is in, and takes them out', async () => {
    server.setMember('bob', false);
    const { group } = await tab().prepareToSeal();
    expect(group.roster.map(({ userId }) => userId)).toEqual(['ann']);
    await expect(bobs.prepareToSeal()).rejects.toMatchObject({ reason: 'not_in_group' });
  });

  it('that is out by the server’s word does not try to stay', async () => {
    server.setMember('bob', false);
    await expect(bobs.prepareToSeal()).rejects.toMatchObject({ reason: 'not_in_group' });
  });
});

/** @returns a promise, and what fulfils it */
function gate(): { opened: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}
