import { type Bytes, equalBytes } from '../bytes/bytes';
import { admissionOf, deviceKey, type RoomChain } from '../chain/room-chain';
import { type LeafIdentity } from '../group/credential';
import { type Device } from '../identity/device';
import { type AuthorRefusal, verifyAuthor } from '../identity/device-author';
import { type FindDeviceList } from '../identity/device-list';
import { sealToKey } from '../identity/receiving';
import { type EpochRecord } from '../room/ports';
import { wasInEpoch } from '../seal/epoch-key';
import { encodeGivenKeys, keyAnswerFrame, type SignedKeyAnswer, signKeyAnswer } from './key-answer';
import { decodeKeyRequest, hashKeyRequest, type SignedKeyRequest } from './key-request';

/**
 * Why a request is not answered. `not_admitted`: nobody in the room let that identity in, or it is out.
 * `cannot_receive`: the device's receiving key is none. `nothing_known`: this device has none of the keys, or was not there itself.
 */
export type KeyRequestRefusal =
  AuthorRefusal | 'malformed' | 'other_room' | 'ended_device' | 'not_admitted' | 'cannot_receive' | 'nothing_known';

/** What the answering device has. */
export interface KeyGiver {
  readonly device: Pick<Device, 'signing'>;
  readonly leaf: LeafIdentity;
  /** As new as the server has it. */
  readonly chain: RoomChain;
  readonly deviceListOf: FindDeviceList;
  /** @returns the epoch with that key id, of whichever room; null if it is not here */
  readonly findEpoch: (keyId: Bytes) => Promise<EpochRecord | null>;
}

interface KnownKey {
  readonly keyId: Bytes;
  readonly epoch: EpochRecord;
}

/** @returns the answer, with all that the asker may have and this device has */
export async function answerKeyRequest(
  signed: SignedKeyRequest,
  giver: KeyGiver,
): Promise<{ readonly answer: SignedKeyAnswer } | { readonly refused: KeyRequestRefusal }> {
  const request = decodeKeyRequest(signed.request);
  if (!request) return { refused: 'malformed' };
  const { roomId, asker, keyIds } = request;
  if (roomId !== giver.chain.roomId) return { refused: 'other_room' };
  const list = giver.deviceListOf(asker.userId, asker.identity);
  const device = await verifyAuthor(list, asker, signed.request, signed.signature);
  if ('refused' in device) return device;
  // The server may hold back the list that says so, and not the chain.
  if (!device.receivingKey || giver.chain.endedDevices.has(deviceKey(asker))) return { refused: 'ended_device' };
  // An identity that was replaced may be in wrong hands, and can still sign devices of its own.
  if (admissionOf(giver.chain, asker.userId, asker.identity) !== 'admitted') return { refused: 'not_admitted' };

  const known = await findKeys(keyIds, giver);
  if (known.length === 0) return { refused: 'nothing_known' };
  const given = known.filter(({ epoch }) => mayHave(asker, epoch, giver.chain));
  const withheld = known.filter((key) => !given.includes(key));
  const plain = encodeGivenKeys({
    epochs: given.map(({ epoch }) => epoch),
    withheld: withheld.map(({ keyId }) => keyId),
  });
  const head = { requestHash: await hashKeyRequest(signed), answerer: giver.leaf };
  const sealed = await sealToKey(device.receivingKey, keyAnswerFrame(head), plain).catch(() => null);
  return sealed ? { answer: await signKeyAnswer({ ...head, sealed }, giver.device) } : { refused: 'cannot_receive' };
}

/**
 * @returns which of the keys this device may speak of: of this room, since the asker is let in there alone, and of epochs
 *   in which its own user was, since nobody believes others
 */
async function findKeys(keyIds: readonly Bytes[], { chain, leaf, findEpoch }: KeyGiver): Promise<KnownKey[]> {
  const found = await Promise.all(keyIds.map(async (keyId) => ({ keyId, epoch: await findEpoch(keyId) })));
  const isOurs = (epoch: EpochRecord): boolean =>
    chain.groupIds.some((groupId) => equalBytes(groupId, epoch.groupId)) && wasInEpoch(epoch, leaf);
  return found.flatMap(({ keyId, epoch }) => (epoch && isOurs(epoch) ? [{ keyId, epoch }] : []));
}

/** Whoever was in the epoch has its messages anyway; whoever came later, only if the room had said so by then. */
function mayHave(asker: LeafIdentity, epoch: EpochRecord, { earlierMessagesSince }: RoomChain): boolean {
  if (wasInEpoch(epoch, asker)) return true;
  return earlierMessagesSince !== null && epoch.chainLength !== null && epoch.chainLength >= earlierMessagesSince;
}
