import { type SigningKey } from '../bytes/signing';
import { createGroupId } from '../chain/group-id';
import { mlsGroupsBySuite } from '../group/mls/mls-groups';
import { RoomDevice } from '../room/room-device';
import { memoryRoomAccess, MemoryStore, ROOM } from './memory-room';
import { MemoryServer } from './memory-server';
import { type TestDevice, TestPerson } from './people';
import { admitted } from './test-chain';

/**
 * Races are about order and storage, not about ciphers: the same rules run over the suite without the post-quantum half,
 * which takes a third of the time. All other specs have the suite of rooms.
 */
const SUITE = 'MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519';

const DEVICES = ['phone', 'laptop', 'tablet'];

/** Ann founds the room with two devices; the others come with one each. */
const FIRST_DEVICES = { ann: ['phone', 'laptop'], bob: ['phone'], carl: ['phone'] };

/** A room in which everybody has come in. */
interface BegunRoom {
  readonly server: MemoryServer;
  readonly stores: ReadonlyMap<TestDevice, MemoryStore>;
}

/** Made once: keys and first commits take longer than a race. */
let begun: Promise<BegunRoom> | undefined;

/** @returns a copy of the room in which all races begin, with the same people */
export async function copyBegunRoom(): Promise<BegunRoom> {
  const { server, stores } = await (begun ??= beginRoom());
  for (const person of server.people) listFirst(person);
  return {
    server: server.copy(),
    stores: new Map([...stores].map(([device, store]) => [device, store.copy()])),
  };
}

async function beginRoom(): Promise<BegunRoom> {
  const groupsOf = (signing: SigningKey) => mlsGroupsBySuite(signing, SUITE);
  const server = new MemoryServer();
  const stores = new Map<TestDevice, MemoryStore>();
  for (const userId of Object.keys(FIRST_DEVICES)) {
    const person = await TestPerson.create(userId, DEVICES, groupsOf);
    listFirst(person);
    server.people.push(person);
    server.setMember(userId, true);
    for (const device of person.devices) if (person.isLive(device)) stores.set(device, new MemoryStore());
  }
  const accesses = [...stores].map(([device, store]) => memoryRoomAccess(device, server, { store }));
  for (const { keyPackages } of accesses) await keyPackages.renew();
  const [founder, ...others] = accesses.map((access) => new RoomDevice(access));
  await founder?.appendToChain(() => ({ kind: 'founded', groupId: createGroupId(ROOM, 0) }));
  for (const person of server.people.slice(1)) await founder?.appendToChain(() => admitted(person));
  await founder?.joinGroup();
  for (const room of others) await room.joinGroup();
  return { server, stores };
}

function listFirst(person: TestPerson): void {
  person.listOnly(FIRST_DEVICES[person.userId as keyof typeof FIRST_DEVICES]);
}
