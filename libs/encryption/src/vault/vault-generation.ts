import { type Bytes, equalBytes, sha256 } from '../bytes/bytes';
import { type SigningKey } from '../bytes/signing';
import { type DeviceList } from '../identity/device-list';
import { type VaultEntry, type VaultWrap } from './ports';
import { type RecoveryKey, signVaultHeader, type VaultHeader } from './vault-header';
import { createVaultKey, wrapVaultKey } from './vault-key';

/** A new generation on its way to the server. Nothing of it is kept: whoever is to have its key finds it in the wraps. */
interface NewGeneration {
  readonly header: VaultHeader;
  readonly key: Bytes;
  readonly entry: VaultEntry;
  readonly wraps: readonly VaultWrap[];
}

/**
 * @param keyBefore the vault key of the generation before, which every holder of the new one can then open
 * @param publicKeys to whom the new vault key is sealed
 * @returns a generation with a new vault key
 */
export async function beginGeneration(
  identity: SigningKey,
  start: Omit<VaultHeader, 'identity' | 'keyHash' | 'previousKey'>,
  keyBefore: Bytes | null,
  publicKeys: readonly Bytes[],
): Promise<NewGeneration> {
  const { key, keyHash, previousKey } = await createVaultKey(start, keyBefore);
  const header: VaultHeader = { ...start, identity: identity.publicKey, keyHash, previousKey };
  const entry: VaultEntry = { kind: 'header', ...(await signVaultHeader(header, identity)) };
  const wraps = await Promise.all(publicKeys.map((publicKey) => wrapVaultKey(header, key, publicKey)));
  return { header, key, entry, wraps };
}

/** @returns the public keys to which a vault key is sealed: of all live devices, and of all who can recover the vault */
export function recipientsOf({ devices }: DeviceList, recoveryKeys: readonly RecoveryKey[]): readonly Bytes[] {
  const live = devices.flatMap(({ receivingKey }) => receivingKey ?? []);
  return [...live, ...recoveryKeys.map(({ publicKey }) => publicKey)];
}

/** @returns the public keys for which there is no wrap */
export async function withoutWrap(publicKeys: readonly Bytes[], wraps: readonly VaultWrap[]): Promise<Bytes[]> {
  const hashes = await Promise.all(publicKeys.map((publicKey) => sha256(publicKey)));
  return publicKeys.filter((_, i) => {
    const hash = hashes[i];
    return hash && !wraps.some(({ recipient }) => equalBytes(recipient, hash));
  });
}

/** @returns how many devices of the list have ended: a number that only rises, as none ever lives again */
export function countEndedDevices({ devices }: DeviceList): number {
  return devices.filter(({ until }) => until !== null).length;
}
