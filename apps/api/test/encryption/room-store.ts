import {
  type Bytes,
  createEpochKey,
  type EpochKey,
  type EpochRecord,
  type KeyPackageRecord,
  type KeyPackageStore,
  type RoomRecord,
  type RoomStore,
  type UseRecord,
  type UseStore,
} from '@webcall/encryption';

/** What a device keeps, in memory. */
export class MemoryRoomStore implements RoomStore, KeyPackageStore, UseStore {
  readonly epochs: EpochRecord[] = [];
  readonly keys: EpochKey[] = [];
  private room: RoomRecord = {
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

  async readRoom(): Promise<RoomRecord> {
    return this.room;
  }

  async writeRoom(room: RoomRecord, epochs: readonly EpochRecord[]): Promise<boolean> {
    const keys = await Promise.all(epochs.map((epoch) => createEpochKey(epoch.secret, epoch)));
    if (room.revision !== this.room.revision) return false;
    this.room = { ...room, revision: room.revision + 1 };
    this.epochs.push(...epochs);
    this.keys.push(...keys);
    return true;
  }

  /** Nobody splits the room here. */
  async readKeyIds(): Promise<readonly Bytes[]> {
    return [];
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
