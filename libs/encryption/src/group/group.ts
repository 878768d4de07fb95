import { type Bytes } from '../bytes/bytes';
import { type CommitNote } from './commit-note';
import { type Leaf, type LeafIdentity } from './credential';
import { type GroupPolicy, type PolicyRefusal } from './group-policy';

/**
 * Why something of the server's was not taken before the library saw it, or after. `past_epoch` is harmless: it came too
 * late, or again. `later_epoch`: something before it is missing. `chain_behind`: the room's chain must be fetched first. `no_path`: a
 * removal after which the removed could go on reading. `unprocessable`: it is well-formed, but the keys do not fit.
 */
export type GroupRefusal =
  | PolicyRefusal
  | 'malformed'
  | 'too_large'
  | 'other_group'
  | 'past_epoch'
  | 'later_epoch'
  | 'wrong_sender'
  | 'wrong_device'
  | 'forbidden_proposal'
  | 'wrong_leaf'
  | 'no_path'
  | 'bad_tree'
  | 'chain_behind'
  | 'unprocessable';

/** What was refused, instead of what it would have become. */
export interface Refused {
  readonly refused: GroupRefusal;
}

/** @returns the policy by the chain that the note names; null if this device does not have that part of it */
export type PolicyForNote = (note: CommitNote) => GroupPolicy | null;

/** What to change by a commit; without both, the keys alone. */
export interface GroupChange {
  /** Key packages of devices that come in. */
  readonly add?: readonly Bytes[];
  /** Indexes of leaves that go out. */
  readonly remove?: readonly number[];
}

/** A commit that nobody else knows yet. It counts once the server has taken it, as the one of its epoch. */
export interface PendingCommit {
  readonly commit: Bytes;
  /** For all that were added, together. */
  readonly welcome: Bytes | null;
  readonly group: Group;
  /** Erases the secrets of the epoch before; only after `group` was stored and the server has taken the commit. */
  eraseEpochBefore(): void;
}

/** What a commit of somebody else did. */
export interface ProcessedCommit {
  /** Null if this device is out. */
  readonly group: Group | null;
  readonly note: CommitNote;
  readonly committer: Leaf;
  /** Erases the secrets of the epoch before; only after `group` was stored. */
  eraseEpochBefore(): void;
}

/** A device's view of a group in one epoch; never changes. */
export interface Group {
  readonly groupId: Bytes;
  readonly epoch: number;
  readonly roster: readonly Leaf[];
  readonly own: Leaf;
  /** @returns the secret of the epoch: everything that is sealed in it hangs on it */
  exportEpochSecret(): Promise<Bytes>;
  /** @returns a commit by this device. What everybody else would refuse throws. */
  prepareCommit(change: GroupChange, note: CommitNote, policy: GroupPolicy): Promise<PendingCommit>;
  /** @returns the group after the commit of another device, if form and policy allow it */
  processCommit(commit: Bytes, policyFor: PolicyForNote): Promise<ProcessedCommit | Refused>;
  /** @returns what a device needs to join by itself */
  exportGroupInfo(note: CommitNote): Promise<Bytes>;
  /** @returns the state with all its secrets, to be sealed and stored, with its format and the library's version */
  encode(): Bytes;
}

/** A key package, and its private half, which the device keeps until after the welcome. */
export interface NewKeyPackage {
  readonly keyPackage: Bytes;
  readonly secret: Bytes;
}

/** A group that a device has come into. */
export interface JoinedGroup {
  readonly group: Group;
  /** What the member who let it in knew of the room: nothing older may be taken any more. */
  readonly note: CommitNote;
}

/** How a device makes and joins groups. */
export interface Groups {
  /** @returns a key package, by which others can add this device */
  createKeyPackage(leaf: LeafIdentity, now: number): Promise<NewKeyPackage>;
  /** @returns whose key package it is; refused if it is none of this suite, or too old */
  readKeyPackage(keyPackage: Bytes, now: number): Promise<(LeafIdentity & { readonly signingKey: Bytes }) | Refused>;
  /** @returns a new group with this device alone */
  create(groupId: Bytes, leaf: LeafIdentity): Promise<Group>;
  /** @returns the group to which one of the key packages was added */
  joinByWelcome(
    groupId: Bytes,
    welcome: Bytes,
    secret: Bytes,
    policyFor: PolicyForNote,
  ): Promise<JoinedGroup | Refused>;
  /**
   * @returns a commit by which this device comes in by itself, or comes back: an old leaf of its own goes out. The
   *   group is judged by what the note names, of which what the group info names must be a part
   */
  joinByCommit(
    groupId: Bytes,
    groupInfo: Bytes,
    leaf: LeafIdentity,
    note: CommitNote,
    policyFor: PolicyForNote,
  ): Promise<(PendingCommit & JoinedGroup) | Refused>;
  /** @returns the group of {@link Group.encode}; null if another format or library wrote it */
  decode(state: Bytes): Group | null;
}
