import { type Bytes } from '../bytes/bytes';
import { decodeFields, encodeFields, type FieldReader } from '../bytes/encoding';
import { type LeafIdentity } from '../group/credential';
import { type Device } from '../identity/device';
import { type SealedToKey } from '../identity/receiving';
import { type EpochRecord } from '../room/ports';
import { KEY_ID_LENGTH, readRoster, rosterFields } from '../seal/epoch-key';
import { deviceFields, MOST_KEYS_ASKED, readDevice } from './key-request';

const HASH_LENGTH = 32;
const SECRET_LENGTH = 32;

/** What a device gives to another one that has asked for keys. */
export interface GivenKeys {
  readonly epochs: readonly EpochRecord[];
  /** Of keys that the answering device has, and may not give: they are of a time before the asker came. */
  readonly withheld: readonly Bytes[];
}

/** An answer, of which only the asking device can read what it gives. */
export interface KeyAnswer {
  readonly requestHash: Bytes;
  readonly answerer: LeafIdentity;
  readonly sealed: SealedToKey;
}

/** A key answer as it is sent. */
export interface SignedKeyAnswer {
  readonly answer: Bytes;
  readonly signature: Bytes;
}

/** @returns the answer under the signature of the answering device */
export async function signKeyAnswer(
  { requestHash, answerer, sealed: { encapsulated, box } }: KeyAnswer,
  { signing }: Pick<Device, 'signing'>,
): Promise<SignedKeyAnswer> {
  const answer = encodeFields('keyAnswer', [requestHash, deviceFields(answerer), encapsulated, box]);
  return { answer, signature: await signing.sign(answer) };
}

/** @returns the answer; null for any other bytes */
export function decodeKeyAnswer(bytes: Bytes): KeyAnswer | null {
  const fields = decodeFields('keyAnswer', bytes);
  if (!fields) return null;
  const [requestHash, answerer] = [fields.readBytes(HASH_LENGTH), fields.readFields(readDevice)];
  const sealed = { encapsulated: fields.readBytes(), box: fields.readBytes() };
  return fields.isComplete ? { requestHash, answerer, sealed } : null;
}

/** @returns what the sealed part is bound to: it opens in no answer to another request, or of another device */
export function keyAnswerFrame({ requestHash, answerer }: Pick<KeyAnswer, 'requestHash' | 'answerer'>): Bytes {
  return encodeFields('keyAnswerFrame', [requestHash, deviceFields(answerer)]);
}

/** @returns the bytes to be sealed */
export function encodeGivenKeys({ epochs, withheld }: GivenKeys): Bytes {
  const given = epochs.map(({ groupId, epoch, secret, roster }) => [groupId, epoch, secret, rosterFields(roster)]);
  return encodeFields('keyAnswerBox', [given, withheld]);
}

/** @returns what {@link encodeGivenKeys} was given; null for any other bytes */
export function decodeGivenKeys(bytes: Bytes): GivenKeys | null {
  const fields = decodeFields('keyAnswerBox', bytes);
  if (!fields) return null;
  const epochs = fields.readList((entry) => entry.readFields(readEpoch));
  const withheld = fields.readList((entry) => entry.readBytes(KEY_ID_LENGTH));
  return fields.isComplete && epochs.length <= MOST_KEYS_ASKED ? { epochs, withheld } : null;
}

function readEpoch(fields: FieldReader): EpochRecord {
  const [groupId, epoch] = [fields.readBytes(), fields.readNumber()];
  const secret = fields.readBytes(SECRET_LENGTH);
  return { groupId, epoch, secret, roster: readRoster(fields), chainLength: null };
}
