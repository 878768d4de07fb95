import { type Bytes } from '../bytes/bytes';
import { decodeFields, encodeFields } from '../bytes/encoding';
import { KEY_LENGTH } from '../bytes/signing';

/** Whose device a leaf of a group is, as the leaf says itself; whether that is true, the policy decides. */
export interface LeafIdentity {
  readonly userId: string;
  readonly identity: Bytes;
  readonly deviceId: string;
  /** The version of the user's device list that the device knew when it made the leaf: nobody may use an older one. */
  readonly listVersion: number;
}

/** A device in a group. */
export interface Leaf extends LeafIdentity {
  readonly index: number;
  readonly signingKey: Bytes;
}

/** @returns the bytes of the leaf's credential */
export function encodeCredential({ userId, identity, deviceId, listVersion }: LeafIdentity): Bytes {
  return encodeFields('credential', [userId, identity, deviceId, listVersion]);
}

/** @returns what {@link encodeCredential} was given; null for any other bytes */
export function decodeCredential(bytes: Uint8Array): LeafIdentity | null {
  const fields = decodeFields('credential', bytes);
  if (!fields) return null;
  const [userId, identity] = [fields.readText(), fields.readBytes(KEY_LENGTH)];
  const [deviceId, listVersion] = [fields.readText(), fields.readNumber()];
  return fields.isComplete ? { userId, identity, deviceId, listVersion } : null;
}
