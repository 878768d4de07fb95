import { type Bytes, equalBytes } from '../bytes/bytes';
import { generationOf } from '../chain/group-id';
import { type KeyPackageRecord, KeyPackages, type KeyPackageStore } from '../room/key-packages';
import { type EpochRecord, type RoomRecord, type RoomStore } from '../room/ports';
import { RoomDevice } from '../room/room-device';
import { type RoomAccess } from '../room/room-history';
import { UseLimits, type UseRecord, type UseStore } from '../room/use-limits';
import { createEpochKey } from '../seal/epoch-key';
import { type MemoryServer } from './memory-server';
import { type TestDevice } from './people';

/** The room in tests. */
export const ROOM = 'room';

/** The store of one device with one room, in memory. */
export class MemoryStore implements RoomStore, KeyPackageStore, UseStore {
  readonly epochs: EpochRecord[] = [];
  private readonly keyIds: { generation: number; epoch: number; keyId: Bytes }[] = [];
  private record: RoomRecord = {
    revision: 0,
    chain: [],
    group: null,
    epochBegan: 0,
    pending: null,
    resynced: null,
    splits: [],
  };
  private keyPackages = { revision: 0, packages: [] as readonly KeyPackageRecord[] };
  private uses = { revision: 0, uses: [] as readonly UseRecord[] };

  /** @returns another store with the same in it */
  copy(): MemoryStore {
    const copy = new MemoryStore();
    copy.epochs.push(...this.epochs);
    copy.keyIds.push(...this.keyIds);
    [copy.record, copy.keyPackages, copy.uses] = [this.record, this.keyPackages, this.uses];
    return copy;
  }

  async readRoom(): Promise<RoomRecord> {
    return this.record;
  }

  async writeRoom(room: RoomRecord, epochs: readonly EpochRecord[]): Promise<boolean> {
    const keys = await Promise.all(
      epochs.map(async (record) => [record, (await createEpochKey(record.secret, record)).keyId] as const),
    );
    if (room.revision !== this.record.revision) return false;
    this.record = { ...room, revision: room.revision + 1 };
    for (const [record, keyId] of keys) {
      if (this.keyIds.some((kept) => equalBytes(kept.keyId, keyId))) continue;
      this.epochs.push(record);
      this.keyIds.push({ keyId, generation: generationOf(record.groupId), epoch: record.epoch });
    }
    return true;
  }

  async readKeyIds(generation: number, epoch: number): Promise<readonly Bytes[]> {
    return this.keyIds.filter((one) => one.generation === generation && one.epoch === epoch).map(({ keyId }) => keyId);
  }

  async readKeyPackages() {
    return this.keyPackages;
  }

  async writeKeyPackages(revision: number, packages: readonly KeyPackageRecord[]): Promise<boolean> {
    if (revision !== this.keyPackages.revision) return false;
    this.keyPackages = { revision: revision + 1, packages };
    return true;
  }

  async readUses() {
    return this.uses;
  }

  async writeUses(revision: number, uses: readonly UseRecord[]): Promise<boolean> {
    if (revision !== this.uses.revision) return false;
    this.uses = { revision: revision + 1, uses };
    return true;
  }
}

/** What differs from a device without any past, at an honest server. */
interface RoomChanges extends Partial<Pick<RoomAccess, 'delivery' | 'floor'>> {
  readonly store?: MemoryStore;
  readonly pause?: (milliseconds: number) => Promise<void>;
}

/** @returns what the room of a device hangs on */
export function memoryRoomAccess(
  device: TestDevice,
  server: MemoryServer,
  { store = new MemoryStore(), delivery = server, floor = null, pause = letTimePass(server) }: RoomChanges = {},
): RoomAccess {
  const now = (): number => server.time;
  const leafIdentity = () => device.leafIdentity();
  const sendKeyPackage = (keyPackage: Bytes) => server.sendKeyPackage(device, keyPackage);
  return {
    roomId: ROOM,
    device,
    certified: device.certified,
    groups: device.groups,
    store,
    delivery,
    people: server,
    floor,
    keyPackages: new KeyPackages({ groups: device.groups, store, delivery: { sendKeyPackage }, leafIdentity, now }),
    limits: new UseLimits(store, now),
    leafIdentity,
    now,
    pause,
  };
}

/** @returns the room of a device, at that server */
export function memoryRoomDevice(device: TestDevice, server: MemoryServer, changes: RoomChanges = {}): RoomDevice {
  return new RoomDevice(memoryRoomAccess(device, server, changes));
}

function letTimePass(server: MemoryServer): (milliseconds: number) => Promise<void> {
  return async (milliseconds) => {
    server.time += milliseconds;
  };
}
