import { type Bytes, hexOf, sha256 } from '../bytes/bytes';
import { decodeFields, encodeFields, type Field, type FieldReader } from '../bytes/encoding';
import { KEY_LENGTH } from '../bytes/signing';
import { type LeafIdentity } from '../group/credential';
import { type Device } from '../identity/device';
import { KEY_ID_LENGTH } from '../seal/epoch-key';

/** The most keys in one request: the rosters in the answer are what is large. */
export const MOST_KEYS_ASKED = 50;

/** What a device asks the others of its room for: keys that messages name, and that it does not have. */
export interface KeyRequest {
  readonly roomId: string;
  readonly asker: LeafIdentity;
  readonly keyIds: readonly Bytes[];
}

/** A key request as it is sent. */
export interface SignedKeyRequest {
  readonly request: Bytes;
  readonly signature: Bytes;
}

/** @returns the request under the signature of the asking device */
export async function signKeyRequest(
  { roomId, asker, keyIds }: KeyRequest,
  { signing }: Pick<Device, 'signing'>,
): Promise<SignedKeyRequest> {
  const request = encodeFields('keyRequest', [roomId, deviceFields(asker), keyIds]);
  if (!decodeKeyRequest(request)) throw new Error('Nobody would take this request for keys.');
  return { request, signature: await signing.sign(request) };
}

/** @returns the request; null for any other bytes */
export function decodeKeyRequest(bytes: Bytes): KeyRequest | null {
  const fields = decodeFields('keyRequest', bytes);
  if (!fields) return null;
  const [roomId, asker] = [fields.readText(), fields.readFields(readDevice)];
  const keyIds = fields.readList((entry) => entry.readBytes(KEY_ID_LENGTH));
  const isEachOnce = new Set(keyIds.map(hexOf)).size === keyIds.length;
  const isSound = fields.isComplete && isEachOnce && keyIds.length > 0 && keyIds.length <= MOST_KEYS_ASKED;
  return isSound ? { roomId, asker, keyIds } : null;
}

/** @returns the hash by which an answer names its request */
export function hashKeyRequest({ request, signature }: SignedKeyRequest): Promise<Bytes> {
  return sha256(encodeFields('keyRequestHash', [request, signature]));
}

/** @returns the device that signs a request or an answer, as a field of it */
export function deviceFields({ userId, identity, deviceId, listVersion }: LeafIdentity): Field {
  return [userId, identity, deviceId, listVersion];
}

/** @returns what {@link deviceFields} was given */
export function readDevice(fields: FieldReader): LeafIdentity {
  const [userId, identity] = [fields.readText(), fields.readBytes(KEY_LENGTH)];
  return { userId, identity, deviceId: fields.readText(), listVersion: fields.readNumber() };
}
