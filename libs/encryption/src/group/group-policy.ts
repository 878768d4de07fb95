import { equalBytes, hexOf } from '../bytes/bytes';
import { type DeviceList, findListedDevice, hasLiveDevice } from '../identity/device-list';
import { type Leaf } from './credential';

/** The most devices in a group: the state then has 1.8 MB, and joining takes 0.65 s. */
export const MOST_LEAVES = 200;

/** What the chain of a room says of an identity. */
export type Admission = 'admitted' | 'removed' | 'never';

/** What decides who may be in a group: the verified device lists, the room's chain, and the server's list of members. */
export interface GroupPolicy {
  /** @returns the newest list that this device knows of the user under that identity */
  deviceListOf(userId: string, identity: Uint8Array): DeviceList | null;
  /** @returns what the chain says of that identity of that user */
  admissionOf(userId: string, identity: Uint8Array): Admission;
  /** @returns whether the server counts the user among the members */
  isMember(userId: string): boolean;
}

/**
 * Why nobody may accept such a group. `list_behind`: a device list must be fetched first. `ghost_device`: the user's
 * identity never signed that device. `not_admitted`: nobody in the room let that identity in. `wrongful_removal`: of
 * somebody who is a member, with a device that lives.
 */
export type PolicyRefusal =
  'list_behind' | 'ghost_device' | 'not_admitted' | 'wrongful_removal' | 'changed_leaf' | 'leaf_twice' | 'too_many';

/** How one roster became another one. */
export interface RosterChange {
  readonly committer: Leaf;
  readonly before: readonly Leaf[];
  readonly after: readonly Leaf[];
}

/** @returns why the change of a group must not be accepted; null if it may */
export function refuseChange({ committer, before, after }: RosterChange, policy: GroupPolicy): PolicyRefusal | null {
  const wereThere = new Map(before.map((leaf) => [leaf.index, leaf]));
  const areThere = new Map(after.map((leaf) => [leaf.index, leaf]));
  for (const leaf of before) {
    const now = areThere.get(leaf.index);
    if (now && isSameDevice(leaf, now)) {
      if (now.listVersion < leaf.listVersion || !equalBytes(leaf.signingKey, now.signingKey)) return 'changed_leaf';
    } else if (!mayBeRemoved(leaf, committer, policy)) return 'wrongful_removal';
  }
  const added = after.filter((leaf) => {
    const before = wereThere.get(leaf.index);
    return !before || !isSameDevice(before, leaf);
  });
  const isOut = (leaf: Leaf): boolean => policy.admissionOf(leaf.userId, leaf.identity) === 'removed';
  return refuseLeaves(added, policy) ?? (added.some(isOut) ? 'not_admitted' : refuseRoster(after));
}

/** @returns why the group must not be joined; null if it may, once {@link staleLeaves} are taken out */
export function refuseJoining(roster: readonly Leaf[], policy: GroupPolicy): PolicyRefusal | null {
  return refuseLeaves(roster, policy) ?? refuseRoster(roster);
}

/**
 * @returns the leaves that have no business in the group any more: of a device that ended, or of who is out. They are
 *   no reason to refuse a group, whose history may hold them, but nobody seals anything while there are some.
 */
export function staleLeaves(roster: readonly Leaf[], policy: GroupPolicy): Leaf[] {
  return roster.filter((leaf) => !isLive(leaf, policy) || !belongs(leaf, policy));
}

function refuseLeaves(leaves: readonly Leaf[], policy: GroupPolicy): PolicyRefusal | null {
  for (const leaf of leaves) {
    if (policy.admissionOf(leaf.userId, leaf.identity) === 'never') return 'not_admitted';
    const list = policy.deviceListOf(leaf.userId, leaf.identity);
    if (!list || list.version < leaf.listVersion) return 'list_behind';
    const device = findListedDevice(list, leaf.deviceId);
    if (!device || !equalBytes(device.signingKey, leaf.signingKey)) return 'ghost_device';
  }
  return null;
}

function refuseRoster(roster: readonly Leaf[]): PolicyRefusal | null {
  if (roster.length > MOST_LEAVES) return 'too_many';
  const devices = new Set(roster.map(({ userId, deviceId }) => JSON.stringify([userId, deviceId])));
  const keys = new Set(roster.map(({ signingKey }) => hexOf(signingKey)));
  return devices.size < roster.length || keys.size < roster.length ? 'leaf_twice' : null;
}

function mayBeRemoved(leaf: Leaf, committer: Leaf, policy: GroupPolicy): boolean {
  return leaf.userId === committer.userId || !isLive(leaf, policy) || !belongs(leaf, policy);
}

function isLive({ userId, deviceId, identity, signingKey }: Leaf, policy: GroupPolicy): boolean {
  const list = policy.deviceListOf(userId, identity);
  return list !== null && hasLiveDevice(list, deviceId, signingKey);
}

function belongs({ userId, identity }: Leaf, policy: GroupPolicy): boolean {
  return policy.isMember(userId) && policy.admissionOf(userId, identity) === 'admitted';
}

function isSameDevice(a: Leaf, b: Leaf): boolean {
  return a.userId === b.userId && a.deviceId === b.deviceId && equalBytes(a.identity, b.identity);
}
