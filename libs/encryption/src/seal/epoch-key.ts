import { type Bytes } from '../bytes/bytes';
import { encodeFields } from '../bytes/encoding';
import { deriveBytes, deriveSealingKey, importKdfKey } from '../bytes/symmetric';
import { type LeafIdentity } from '../group/credential';

const KEY_ID_LENGTH = 16;

/** A device that was in a group during an epoch: only what it signed counts there. */
export interface EpochDevice extends Omit<LeafIdentity, 'listVersion'> {
  readonly signingKey: Bytes;
}

/** The secret of one epoch of a group, by which everything sealed in that epoch can be read, also years later. */
export interface EpochKey {
  /** Names the secret in messages: a commitment to it, which tells nothing of it. */
  readonly keyId: Bytes;
  readonly groupId: Bytes;
  readonly epoch: number;
  /** A key of HKDF, whose bytes nobody gets out. */
  readonly secret: CryptoKey;
  readonly roster: readonly EpochDevice[];
}

/** @returns the key of an epoch by the bytes that its group exported */
export async function createEpochKey(
  secretBytes: Bytes,
  { groupId, epoch, roster }: Pick<EpochKey, 'groupId' | 'epoch' | 'roster'>,
): Promise<EpochKey> {
  const secret = await importKdfKey(secretBytes);
  const keyId = await deriveBytes(secret, encodeFields('epochKeyId', [groupId, epoch]), KEY_ID_LENGTH);
  return { keyId, groupId, epoch, secret, roster };
}

/** @returns the key under which that device seals in that epoch: no two devices ever share a key, and so no nonce */
export function chatKeyOf({ secret }: EpochKey, { userId, deviceId }: Pick<EpochDevice, 'userId' | 'deviceId'>) {
  return deriveSealingKey(secret, encodeFields('chatKey', [userId, deviceId]));
}
