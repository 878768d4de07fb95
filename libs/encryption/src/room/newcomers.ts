import { type Bytes, equalBytes } from '../bytes/bytes';
import { type RoomChain } from '../chain/room-chain';
import { type Leaf } from '../group/credential';
import { type GroupPolicy, MOST_LEAVES, staleLeaves } from '../group/group-policy';
import { type RoomAccess } from './room-history';

type NewcomerAccess = Pick<RoomAccess, 'people' | 'delivery' | 'groups' | 'now'>;

/** A device that belongs in a group, as its user’s list has it. */
type Newcomer = Omit<Leaf, 'index'>;

/**
 * @returns key packages of the devices that belong in the group and are not in it. Where the server has none, or not one
 *   of the device for which it was asked, the device comes in by itself
 */
export async function fetchMissingKeyPackages(
  access: NewcomerAccess,
  chain: RoomChain,
  policy: GroupPolicy,
  roster: readonly Leaf[],
): Promise<Bytes[]> {
  const { delivery, groups } = access;
  const keyPackages: Bytes[] = [];
  for (const newcomer of missingDevices(access, chain, policy, roster)) {
    if (roster.length + keyPackages.length >= MOST_LEAVES) break;
    const { userId, deviceId } = newcomer;
    const keyPackage = await delivery.fetchKeyPackage({ userId, deviceId });
    if (!keyPackage) continue;
    const read = await groups.readKeyPackage(keyPackage, access.now());
    if (!('refused' in read) && isOf(newcomer, read)) keyPackages.push(keyPackage);
  }
  return keyPackages;
}

function missingDevices(
  { people }: NewcomerAccess,
  chain: RoomChain,
  policy: GroupPolicy,
  roster: readonly Leaf[],
): Newcomer[] {
  const listed = [...chain.people.values()].flatMap(({ userId, identity }): Newcomer[] => {
    const list = people.deviceListOf(userId, identity);
    return (list?.devices ?? []).map(({ deviceId, signingKey }) => ({
      userId,
      identity,
      deviceId,
      signingKey,
      listVersion: list?.version ?? 0,
    }));
  });
  const isIn = (one: Newcomer): boolean =>
    roster.some(({ userId, deviceId }) => userId === one.userId && deviceId === one.deviceId);
  return listed.filter((one) => staleLeaves([{ ...one, index: 0 }], policy).length === 0 && !isIn(one));
}

/** The server may hand out anything; and a newer list than is known here has to be fetched first. */
function isOf(newcomer: Newcomer, leaf: Newcomer): boolean {
  return (
    leaf.userId === newcomer.userId &&
    leaf.deviceId === newcomer.deviceId &&
    leaf.listVersion <= newcomer.listVersion &&
    equalBytes(leaf.identity, newcomer.identity) &&
    equalBytes(leaf.signingKey, newcomer.signingKey)
  );
}
