import { type Bytes } from '../bytes/bytes';
import { type SealedToKey } from '../identity/receiving';
import { type SignedVaultHeader, type VaultHeader } from './vault-header';
import { type VaultRecord } from './vault-record';
import { type VaultRoster } from './vault-roster';

/**
 * An entry of a vault’s log, as the server keeps it. A header begins a generation: its records are sealed with another
 * key than those before.
 */
export type VaultEntry =
  | ({ readonly kind: 'header' } & SignedVaultHeader)
  | {
      readonly kind: 'record';
      readonly generation: number;
      readonly recordId: Bytes;
      /** Null once it was erased; its hash stays, so that the log remains one chain. */
      readonly box: Bytes | null;
      readonly boxHash: Bytes;
    };

/** The vault key of a generation, sealed to one public key. */
export interface VaultWrap {
  readonly generation: number;
  /** The hash of the public key. */
  readonly recipient: Bytes;
  readonly sealed: SealedToKey;
}

/** What is appended in one step: the server takes all of it, or nothing. */
export interface VaultAppend {
  readonly entries: readonly VaultEntry[];
  readonly wraps: readonly VaultWrap[];
  /** Ids of records whose boxes the server is to forget. */
  readonly erased: readonly Bytes[];
}

/** What the server does for the vault of a user. It may be late, forget, repeat and lie. */
export interface VaultDelivery {
  /** @returns the entries from that index on, in their order */
  fetchLog(from: number): Promise<readonly VaultEntry[]>;
  /** Appends it if the log has exactly that length. Whether it did, the log says: an answer may be lost. */
  appendToLog(length: number, append: VaultAppend): Promise<void>;
  /** @returns the wraps of that generation, which stay as long as the log */
  fetchWraps(generation: number): Promise<readonly VaultWrap[]>;
  /** Adds wraps for those who have none of that generation. */
  addWraps(wraps: readonly VaultWrap[]): Promise<void>;
}

/** How far a log was read. */
export interface LogPosition {
  readonly length: number;
  /** The hash of the last entry, and so of all. */
  readonly head: Bytes;
  /** The head before the last entry. */
  readonly headBefore: Bytes;
}

/** How far somebody whom one believes has seen a log. */
export type VaultFloor = Pick<LogPosition, 'length' | 'head'>;

/** What a device keeps of the vault beside its records. Nothing in it is secret. */
export interface VaultState {
  /** Rises with each write: who has read an older one may not write. */
  readonly revision: number;
  /** The identity of the user, for good. */
  readonly identity: Bytes;
  readonly floor: VaultFloor | null;
  readonly position: LogPosition;
  /** The newest header; null before anything was read. */
  readonly header: VaultHeader | null;
  /** The vault key of that header, sealed to this device; null before anything was read. */
  readonly wrap: VaultWrap | null;
  /** Of each group, as the log has them up to that position: later ones are made of them. */
  readonly rosters: readonly VaultRoster[];
}

/** A record as the vault has it. */
export interface KeptRecord {
  readonly recordId: Bytes;
  readonly record: VaultRecord;
}

/** A record that is not in the vault yet, sealed to this device. */
export interface WaitingRecord {
  readonly recordId: Bytes;
  readonly sealed: SealedToKey;
}

/** Where a device keeps its view of the vault. All of one write is stored, or nothing. */
export interface VaultStore {
  /** @returns null if nothing was written yet */
  readVault(): Promise<VaultState | null>;
  /**
   * Writes the state, and adds the records that it does not have yet. What waited under their ids, or under ids that
   * they erase, waits no more.
   * @returns whether it was written; false if the revision is not the one that was read: 0 before the first write
   */
  writeVault(state: VaultState, records: readonly KeptRecord[]): Promise<boolean>;
  /** @returns the seed of the identity, of the record that has it */
  readIdentitySeed(): Promise<Bytes | null>;
  /** @returns what waits, in the order in which it was added */
  readWaiting(): Promise<readonly WaitingRecord[]>;
  /** Adds what neither waits yet, nor is or was in the vault: another device may have been first. */
  addWaiting(waiting: readonly WaitingRecord[]): Promise<void>;
}
