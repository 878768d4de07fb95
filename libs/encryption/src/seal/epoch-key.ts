import { type Bytes, equalBytes, sha256 } from '../bytes/bytes';
import { encodeFields, type Field, type FieldReader } from '../bytes/encoding';
import { KEY_LENGTH } from '../bytes/signing';
import { deriveBytes, deriveSealingKey, importKdfKey } from '../bytes/symmetric';
import { type LeafIdentity } from '../group/credential';

/** Length of the id of an epoch’s key. */
export const KEY_ID_LENGTH = 16;

/** A device that was in a group during an epoch: only what it signed counts there. */
export interface EpochDevice extends Omit<LeafIdentity, 'listVersion'> {
  readonly signingKey: Bytes;
}

/** The secret of one epoch of a group, by which everything sealed in that epoch can be read, also years later. */
export interface EpochKey {
  /**
   * Names the secret in messages: a commitment to it and to who was there, which tells nothing of either. So nobody who
   * hands on the secret later can hand on another roster with it.
   */
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
  // HKDF need not take more than a kilobyte of this, and OpenSSL’s does not: a roster of seven devices is longer.
  const rosterHash = await sha256(encodeFields('epochRoster', rosterFields(roster)));
  const info = encodeFields('epochKeyId', [groupId, epoch, rosterHash]);
  const keyId = await deriveBytes(secret, info, KEY_ID_LENGTH);
  return { keyId, groupId, epoch, secret, roster };
}

/** @returns the key under which that device seals in that epoch: no two devices ever share a key, and so no nonce */
export function chatKeyOf({ secret }: EpochKey, { userId, deviceId }: Pick<EpochDevice, 'userId' | 'deviceId'>) {
  return deriveSealingKey(secret, encodeFields('chatKey', [userId, deviceId]));
}

/** @returns whether a device of that identity was in the group during the epoch */
export function wasInEpoch(
  { roster }: Pick<EpochKey, 'roster'>,
  { userId, identity }: Pick<EpochDevice, 'userId' | 'identity'>,
): boolean {
  return roster.some((one) => one.userId === userId && equalBytes(one.identity, identity));
}

/** @returns the roster as a field of an encoding */
export function rosterFields(roster: readonly EpochDevice[]): Field[] {
  return roster.map(({ userId, identity, deviceId, signingKey }) => [userId, identity, deviceId, signingKey]);
}

/** @returns the roster that {@link rosterFields} was given */
export function readRoster(fields: FieldReader): EpochDevice[] {
  return fields.readList((entry) =>
    entry.readFields((device) => {
      const [userId, identity] = [device.readText(), device.readBytes(KEY_LENGTH)];
      const [deviceId, signingKey] = [device.readText(), device.readBytes(KEY_LENGTH)];
      return { userId, identity, deviceId, signingKey };
    }),
  );
}
