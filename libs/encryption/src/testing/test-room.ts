import { createGroupId } from '../chain/group-id';
import { type RoomDelivery } from '../room/ports';
import { RoomDevice } from '../room/room-device';
import { type RoomAccess } from '../room/room-history';
import { RoomRecovery } from '../room/room-recovery';
import { memoryRoomAccess, MemoryStore, ROOM } from './memory-room';
import { lyingServer, MemoryServer } from './memory-server';
import { TestPerson } from './people';
import { admitted } from './test-chain';

/** A device in a room, and what it hangs on. */
export interface RoomMember {
  readonly person: TestPerson;
  readonly store: MemoryStore;
  readonly access: RoomAccess;
  readonly room: RoomDevice;
  readonly recovery: RoomRecovery;
}

/** A room with one device for each person, all of whom are in. The first one has founded it. */
export class TestRoom {
  private constructor(
    readonly server: MemoryServer,
    readonly members: readonly RoomMember[],
  ) {}

  static async create(...names: string[]): Promise<TestRoom> {
    const server = new MemoryServer();
    server.people.push(...(await Promise.all(names.map((name) => TestPerson.create(name)))));
    for (const { userId } of server.people) server.setMember(userId, true);
    const test = new TestRoom(
      server,
      server.people.map((person) => memberOf(person, server)),
    );
    const [founder] = test.members;
    await founder?.room.appendToChain(() => ({ kind: 'founded', groupId: createGroupId(ROOM, 0) }));
    for (const person of server.people.slice(1)) await founder?.room.appendToChain(() => admitted(person));
    for (const { room } of test.members) await room.joinGroup();
    await test.catchUp();
    return test;
  }

  /** @returns the same device in another tab, at a server that lies, or in another world */
  tab({ person, store }: RoomMember, lies: Partial<RoomDelivery> = {}, changes: Partial<RoomAccess> = {}): RoomMember {
    return memberOf(person, this.server, store, lies, changes);
  }

  /** Lets everybody read what the server has. @returns the secrets of their epochs, each once */
  async catchUp(): Promise<Set<string>> {
    const secrets = new Set<string>();
    for (const { room } of this.members) {
      const { group } = await room.catchUp();
      if (group) secrets.add((await group.exportEpochSecret()).join());
    }
    return secrets;
  }
}

function memberOf(
  person: TestPerson,
  server: MemoryServer,
  store = new MemoryStore(),
  lies: Partial<RoomDelivery> = {},
  changes: Partial<RoomAccess> = {},
): RoomMember {
  const delivery = lyingServer(server, lies);
  const access = { ...memoryRoomAccess(person.device, server, { store, delivery }), ...changes };
  const room = new RoomDevice(access);
  return { person, store, access, room, recovery: new RoomRecovery(access, room) };
}

/** Renews the room’s secret once. */
export async function renewEpoch(room: RoomDevice): Promise<void> {
  let before: number | undefined;
  await room.changeGroup(({ group }) => ((before ??= group.epoch) === group.epoch ? {} : null));
}
