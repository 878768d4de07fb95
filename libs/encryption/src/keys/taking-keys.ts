import { equalBytes, hexOf } from '../bytes/bytes';
import { admissionOf, deviceKey, type RoomChain } from '../chain/room-chain';
import { type LeafIdentity } from '../group/credential';
import { type PolicyRefusal, refuseJoining } from '../group/group-policy';
import { type Device } from '../identity/device';
import { type AuthorRefusal, verifyAuthor } from '../identity/device-author';
import { type FindDeviceList } from '../identity/device-list';
import { openWithKey } from '../identity/receiving';
import { type EpochRecord } from '../room/ports';
import { createEpochKey, wasInEpoch } from '../seal/epoch-key';
import { decodeGivenKeys, decodeKeyAnswer, type GivenKeys, keyAnswerFrame, type SignedKeyAnswer } from './key-answer';
import { decodeKeyRequest, hashKeyRequest, type SignedKeyRequest } from './key-request';

/**
 * Why an answer is not taken, all of it. `not_for_this_device`: it is sealed to another key. `other_secret`: no key id
 * that was asked for commits to such a secret and such a roster. `other_group`: this device's chain has no such group.
 * `not_in_epoch`: the answering identity was not there itself. A ghost in the roster is a {@link PolicyRefusal}.
 */
export type KeyAnswerRefusal =
  | AuthorRefusal
  | PolicyRefusal
  | 'malformed'
  | 'other_request'
  | 'ended_device'
  | 'not_for_this_device'
  | 'other_secret'
  | 'other_group'
  | 'not_in_epoch';

/** What the asking device has. */
export interface KeyTaker {
  readonly device: Pick<Device, 'receiving'>;
  /** As new as the messages whose keys were asked for. */
  readonly chain: RoomChain;
  readonly deviceListOf: FindDeviceList;
}

/** @returns what the answer gives: only secrets that are those of the key ids that this device has asked for */
export async function openKeyAnswer(
  asked: SignedKeyRequest,
  { answer: bytes, signature }: SignedKeyAnswer,
  taker: KeyTaker,
): Promise<GivenKeys | { readonly refused: KeyAnswerRefusal }> {
  const answer = decodeKeyAnswer(bytes);
  if (!answer) return { refused: 'malformed' };
  if (!equalBytes(answer.requestHash, await hashKeyRequest(asked))) return { refused: 'other_request' };
  const { answerer, sealed } = answer;
  const list = taker.deviceListOf(answerer.userId, answerer.identity);
  const author = await verifyAuthor(list, answerer, bytes, signature);
  if ('refused' in author) return author;
  if (author.until !== null || taker.chain.endedDevices.has(deviceKey(answerer))) return { refused: 'ended_device' };
  const plain = await openWithKey(taker.device.receiving.secret, keyAnswerFrame(answer), sealed);
  if (!plain) return { refused: 'not_for_this_device' };
  const given = decodeGivenKeys(plain);
  if (!given) return { refused: 'malformed' };
  const keyIds = new Set(decodeKeyRequest(asked.request)?.keyIds.map(hexOf));
  for (const epoch of given.epochs) {
    const { keyId } = await createEpochKey(epoch.secret, epoch);
    if (!keyIds.delete(hexOf(keyId))) return { refused: 'other_secret' };
    const refused = refuseEpoch(epoch, answerer, taker);
    if (refused) return { refused };
  }
  return given.withheld.every((keyId) => keyIds.has(hexOf(keyId))) ? given : { refused: 'malformed' };
}

/**
 * The key id commits to secret and roster, but anybody can make up all three, and the server a message that names them.
 * So no device in the roster is believed that its user's own identity has not signed.
 */
function refuseEpoch(
  epoch: EpochRecord,
  answerer: LeafIdentity,
  { chain, deviceListOf }: KeyTaker,
): KeyAnswerRefusal | null {
  if (!chain.groupIds.some((groupId) => equalBytes(groupId, epoch.groupId))) return 'other_group';
  if (!wasInEpoch(epoch, answerer)) return 'not_in_epoch';
  const leaves = epoch.roster.map((one, index) => ({ ...one, index, listVersion: 0 }));
  return refuseJoining(leaves, {
    deviceListOf,
    admissionOf: (user, key) => admissionOf(chain, user, key),
    isMember: () => true,
  });
}
