import { type Bytes } from '../bytes/bytes';
import { type SignedChainItem } from '../chain/chain-item';
import { type DeviceList } from '../identity/device-list';
import { type EpochDevice } from '../seal/epoch-key';

/** A device by its user and its id. */
export interface DeviceName {
  readonly userId: string;
  readonly deviceId: string;
}

/** A commit on its way to the server, with what others need if it is taken. */
export interface SentCommit {
  readonly commit: Bytes;
  readonly welcome: SentWelcome | null;
  readonly groupInfo: Bytes;
  /** The version of the list of members by which nobody is in who is out. Null if it joins: a joiner takes out nobody. */
  readonly rekeyedFor: number | null;
}

/** One welcome for all devices that a commit adds. */
export interface SentWelcome {
  readonly welcome: Bytes;
  readonly devices: readonly DeviceName[];
}

/** What the server says of a room. */
export interface RoomStatus {
  /** The version of its list of members, which also rises when a device of a member ends. */
  readonly memberVersion: number;
  /** Whether somebody is out, or a device has ended, since {@link SentCommit.rekeyedFor}: it takes no messages then. */
  readonly isRekeyDue: boolean;
  /** How many messages it has of the newest epoch. */
  readonly epochMessages: number;
}

/**
 * What the server does for the group of a room. It may be late, forget, repeat and lie. A group of which nobody has told
 * it is one without commits, group info and welcomes.
 */
export interface RoomDelivery {
  /** @returns the items of the room’s chain from that index on, in their order, with those that devices refuse */
  fetchChain(from: number): Promise<readonly SignedChainItem[]>;
  /**
   * @param index how many items the server has before it, also such that devices refuse
   * @param groupId of the group that the item sets up: the server takes commits of groups that the chain has named alone,
   *   and cannot read items. Null if it sets up none
   * @returns whether the item was taken as the one with that index; false if another one was first
   */
  sendChainItem(index: number, item: SignedChainItem, groupId: Bytes | null): Promise<boolean>;
  /** @returns the commits of the group from that epoch on, in their order */
  fetchCommits(groupId: Bytes, epoch: number): Promise<readonly Bytes[]>;
  /**
   * @returns whether the commit was taken as the one of that epoch, now or before; false if another one was first
   * @throws BrokenGroupRefusal `other_group`, if the group is not the one that the server was told of last
   */
  sendCommit(groupId: Bytes, epoch: number, sent: SentCommit): Promise<boolean>;
  /**
   * Asks for the right to make the commit of that epoch, which spares others making theirs in vain. Whoever asks first
   * has it for a few seconds; which commit counts does not depend on it.
   * @returns for how many milliseconds another device has it; 0 if this one does
   */
  claimCommit(groupId: Bytes, epoch: number, device: DeviceName): Promise<number>;
  /** @returns what a device needs to join the group by itself; null if nobody has left anything */
  fetchGroupInfo(groupId: Bytes): Promise<Bytes | null>;
  fetchStatus(): Promise<RoomStatus>;
  /** @returns the key package by which the device is added to groups; null if it has none there */
  fetchKeyPackage(device: DeviceName): Promise<Bytes | null>;
  /** Tells the devices of the group that this one wants to be let in. */
  askForWelcome(groupId: Bytes, device: DeviceName): Promise<void>;
  /** @returns the newest welcome into the group for that device; null if there is none */
  fetchWelcome(groupId: Bytes, device: DeviceName): Promise<Bytes | null>;
  /** The device needs the welcome that it fetched last no more; one that has come since stays. */
  deleteWelcome(groupId: Bytes, device: DeviceName): Promise<void>;
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
  /**
   * How long the room’s chain was when the epoch began, as the commit note of its group says. Null if the epoch came by a
   * key answer, since nobody can check its word for that: then only those who were in the epoch have it from here.
   */
  readonly chainLength: number | null;
}

/** A commit of this device of which it does not know yet whether the server took it. */
export interface PendingRecord {
  readonly groupId: Bytes;
  readonly epoch: number;
  readonly sent: SentCommit;
  /** The state if it was. */
  readonly group: Bytes;
  /** When it was made, which is when its epoch begins. */
  readonly time: number;
  /** How long the chain was by then. */
  readonly chainLength: number;
}

/** An epoch of which there are two secrets: somebody has shown different histories to different devices. */
export interface EpochSplit {
  readonly generation: number;
  readonly epoch: number;
}

/** What a device keeps of a room. */
export interface RoomRecord {
  /** Rises with each write: who has read an older one may not write. */
  readonly revision: number;
  readonly chain: readonly SignedChainItem[];
  /** The state of the group; null if the device is not in it. */
  readonly group: Bytes | null;
  /** When the epoch of that state began. */
  readonly epochBegan: number;
  readonly pending: PendingRecord | null;
  /** When this device last left a group behind that did not fit, to come back; null if it never did. */
  readonly resynced: number | null;
  /** All that were ever noticed. */
  readonly splits: readonly EpochSplit[];
}

/** Where a device keeps a room. All of one write is stored, or nothing. */
export interface RoomStore {
  readRoom(): Promise<RoomRecord>;
  /**
   * Epochs are kept by their key ids, all of them.
   * @returns whether it was written; false if the revision is not the one that was read
   */
  writeRoom(room: RoomRecord, epochs: readonly EpochRecord[]): Promise<boolean>;
  /** @returns the key ids of the epochs that are kept of that generation and number: one, unless the room was split */
  readKeyIds(generation: number, epoch: number): Promise<readonly Bytes[]>;
}
