import { type Bytes } from '../bytes/bytes';
import { type SignedChainItem } from '../chain/chain-item';
import { type DeviceList } from '../identity/device-list';
import { type EpochDevice } from '../seal/epoch-key';

/** A commit on its way to the server, with what others need if it is taken. */
export interface SentCommit {
  readonly commit: Bytes;
  readonly welcome: Bytes | null;
  readonly groupInfo: Bytes;
}

/** What the server does for the group of a room. It may be late, forget, repeat and lie. */
export interface RoomDelivery {
  /** @returns the items of the room’s chain from that index on, in their order */
  fetchChain(from: number): Promise<readonly SignedChainItem[]>;
  /** @returns whether the item was taken as the one with that index; false if another one was first */
  sendChainItem(index: number, item: SignedChainItem): Promise<boolean>;
  /** @returns the commits of the group from that epoch on, in their order */
  fetchCommits(groupId: Bytes, epoch: number): Promise<readonly Bytes[]>;
  /** @returns whether the commit was taken as the one of that epoch, now or before; false if another one was first */
  sendCommit(groupId: Bytes, epoch: number, sent: SentCommit): Promise<boolean>;
  /** @returns what a device needs to join the group by itself; null if nobody has left anything */
  fetchGroupInfo(groupId: Bytes): Promise<Bytes | null>;
  /** @returns the version of the server’s list of members */
  fetchMemberVersion(): Promise<number>;
}

/** What this device knows of people. */
export interface RoomPeople {
  /** @returns the newest list of a user under an identity that this device has verified */
  deviceListOf(userId: string, identity: Uint8Array): DeviceList | null;
  /** @returns whether the server counted the user among the members in that version */
  isMember(userId: string, memberVersion: number): boolean;
}

/** The secret of an epoch on its way into the store, where its bytes end: as a key, and sealed for the vault. */
export interface EpochRecord {
  readonly groupId: Bytes;
  readonly epoch: number;
  readonly secret: Bytes;
  readonly roster: readonly EpochDevice[];
}

/** A commit of this device of which it does not know yet whether the server took it. */
export interface PendingRecord {
  readonly groupId: Bytes;
  readonly epoch: number;
  readonly sent: SentCommit;
  /** The state if it was. */
  readonly group: Bytes;
}

/** What a device keeps of a room. */
export interface RoomRecord {
  /** Rises with each write: who has read an older one may not write. */
  readonly revision: number;
  readonly chain: readonly SignedChainItem[];
  /** The state of the group; null if the device is not in it. */
  readonly group: Bytes | null;
  readonly pending: PendingRecord | null;
}

/** Where a device keeps a room. All of one write is stored, or nothing. */
export interface RoomStore {
  readRoom(): Promise<RoomRecord>;
  /** @returns whether it was written; false if the revision is not the one that was read */
  writeRoom(room: RoomRecord, epochs: readonly EpochRecord[]): Promise<boolean>;
}
