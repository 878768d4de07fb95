import { type Bytes, equalBytes, hexOf } from '../bytes/bytes';
import { type LeafIdentity } from '../group/credential';
import { type Admission } from '../group/group-policy';
import { type ChainLinkTerms } from './chain-item';

/** An identity of a user, as a room’s chain knows it. */
export interface ChainPerson {
  readonly userId: string;
  readonly identity: Bytes;
  /** When it came in and went out: the lengths of the chain from which on. */
  readonly changes: readonly { readonly length: number; readonly isIn: boolean }[];
  /** The link by which it came in last. */
  readonly linkId: string | null;
  /** Whether it is out because somebody else put it out, or a new identity took its place. */
  readonly isBarred: boolean;
  /** The latest time that it has written since it came in last, which may be none at all. */
  readonly time: number;
}

/** A link, as a room’s chain knows it. */
export interface ChainLink extends ChainLinkTerms {
  readonly madeBy: string;
  readonly used: number;
  readonly hasEnded: boolean;
}

/** All that a room’s chain says, up to its last verified item. Never changes. */
export interface RoomChain {
  readonly roomId: string;
  readonly founder: { readonly userId: string; readonly identity: Bytes };
  /** The hashes of all items: what others say of the chain is compared with them. */
  readonly hashes: readonly Bytes[];
  /** By user and identity, {@link personKey}. */
  readonly people: ReadonlyMap<string, ChainPerson>;
  readonly links: ReadonlyMap<string, ChainLink>;
  /** The devices that sign nothing more, {@link deviceKey}. */
  readonly endedDevices: ReadonlySet<string>;
  /** The ids of the room’s groups, by generation. */
  readonly groupIds: readonly Bytes[];
  /** Which device set up the newest group, and when. */
  readonly newestGroup: { readonly userId: string; readonly deviceId: string; readonly time: number };
  /** Null as long as the chain says nothing of it. */
  readonly encryptedFromSeq: number | null;
  /** The length of the chain from which on newcomers may have earlier keys; null if they may not. */
  readonly earlierMessagesSince: number | null;
}

/** How far somebody whom one believes has seen a room: nothing below it may be taken. Links, welcomes and the vault have it. */
export interface ChainFloor {
  readonly founderIdentity: Bytes;
  readonly generation: number;
  readonly epoch: number;
  readonly chainLength: number;
  readonly chainHead: Bytes;
}

/** What keeps a chain from standing on a floor: another room, too little of it, or another history. */
export type FloorRefusal = 'other_founder' | 'cut_short' | 'forked';

/** @returns the key of a user’s identity in {@link RoomChain.people} */
export function personKey(userId: string, identity: Uint8Array): string {
  return `${hexOf(identity)} ${userId}`;
}

/** @returns the key of a device in {@link RoomChain.endedDevices} */
export function deviceKey({ userId, identity, deviceId }: Omit<LeafIdentity, 'listVersion'>): string {
  return `${personKey(userId, identity)} ${deviceId}`;
}

/** @returns what the chain says of an identity, at its end or at an earlier length */
export function admissionOf(
  { people, hashes }: RoomChain,
  userId: string,
  identity: Uint8Array,
  length = hashes.length,
): Admission {
  const changes = people.get(personKey(userId, identity))?.changes.filter((change) => change.length <= length);
  const last = changes?.at(-1);
  if (!last) return 'never';
  return last.isIn ? 'admitted' : 'removed';
}

/** @returns the identity under which the user is in; null if they are not */
export function admittedIdentityOf({ people }: RoomChain, userId: string): ChainPerson | null {
  return [...people.values()].find((person) => person.userId === userId && person.changes.at(-1)?.isIn) ?? null;
}

/** @returns a time that two users who are in have reached by their own word: nobody alone moves it ahead. 0 if there is none */
export function timeReached({ people }: RoomChain): number {
  const present = [...people.values()].filter((person) => person.changes.at(-1)?.isIn);
  return present.map(({ time }) => time).toSorted((a, b) => b - a)[1] ?? 0;
}

/** @returns how the chain relates to what somebody has seen of it: it contains that, is behind it, or is another one */
export function compareHead(
  { hashes }: RoomChain,
  length: number,
  head: Uint8Array,
): 'contained' | 'behind' | 'forked' {
  if (length > hashes.length) return 'behind';
  const hash = hashes[length - 1];
  return hash && equalBytes(hash, head) ? 'contained' : 'forked';
}

/** @returns why the chain is not to be taken by who has that floor; null if it is */
export function refuseFloor(chain: RoomChain, floor: ChainFloor): FloorRefusal | null {
  if (!equalBytes(chain.founder.identity, floor.founderIdentity)) return 'other_founder';
  const head = compareHead(chain, floor.chainLength, floor.chainHead);
  if (head === 'forked') return 'forked';
  return head === 'behind' || chain.groupIds.length <= floor.generation ? 'cut_short' : null;
}

/** @returns whether a group of that generation and epoch is older than the floor */
export function isBelowFloor({ generation, epoch }: ChainFloor, group: { generation: number; epoch: number }): boolean {
  return group.generation < generation || (group.generation === generation && group.epoch < epoch);
}
