import { type Bytes, equalBytes, randomBytes, sha256 } from '../bytes/bytes';
import { encodeFields } from '../bytes/encoding';
import { deriveSealingKey, importKdfKey, openBytes, sealBytes } from '../bytes/symmetric';
import { openWithKey, type ReceivingKey, sealToKey } from '../identity/receiving';
import { type VaultWrap } from './ports';
import { type VaultHeader } from './vault-header';
import { VaultRefusal } from './vault-refusal';

const VAULT_KEY_LENGTH = 32;

/** Which vault key: a user’s, of one generation. */
type VaultKeyName = Pick<VaultHeader, 'userId' | 'generation'>;

/** @returns a new vault key, and what a header says of it */
export async function createVaultKey(
  name: VaultKeyName,
  before: Bytes | null,
): Promise<{ key: Bytes } & Pick<VaultHeader, 'keyHash' | 'previousKey'>> {
  const key = randomBytes(VAULT_KEY_LENGTH);
  const sealingKey = await sealingKeyOf(name, key);
  const previousKey = before && (await sealBytes(sealingKey, previousKeyFrame(name), before));
  return { key, keyHash: await hashVaultKey(key), previousKey };
}

/** @returns the key under which the records of the generation are sealed */
export async function sealingKeyOf({ userId, generation }: VaultKeyName, key: Bytes): Promise<CryptoKey> {
  return deriveSealingKey(await importKdfKey(key), encodeFields('vaultSealingKey', [userId, generation]));
}

/** @returns the vault key, sealed to a public key */
export async function wrapVaultKey(name: VaultKeyName, key: Bytes, publicKey: Bytes): Promise<VaultWrap> {
  const sealed = await sealToKey(publicKey, wrapInfo(name), key);
  return { generation: name.generation, recipient: await sha256(publicKey), sealed };
}

/** @returns the vault key of the header, of the wrap for that key. The header says whether it is the right one. */
export async function openVaultKey(
  header: VaultHeader,
  wraps: readonly VaultWrap[],
  { publicKey, secret }: ReceivingKey,
): Promise<Bytes> {
  const recipient = await sha256(publicKey);
  const wrap = wraps.find((one) => equalBytes(one.recipient, recipient));
  if (!wrap) throw new VaultRefusal('no_wrap');
  const key = await openWithKey(secret, wrapInfo(header), wrap.sealed);
  if (!key || !equalBytes(await hashVaultKey(key), header.keyHash)) throw new VaultRefusal('wrong_key');
  return key;
}

/**
 * @param headers of generations that follow each other
 * @param newest the vault key of the last one
 * @returns the keys under which the records of all of them are sealed, by generation
 */
export async function sealingKeysOf(headers: readonly VaultHeader[], newest: Bytes): Promise<Map<number, CryptoKey>> {
  const keys = new Map<number, CryptoKey>();
  let key = newest;
  for (const [i, header] of [...headers.entries()].toReversed()) {
    const sealingKey = await sealingKeyOf(header, key);
    keys.set(header.generation, sealingKey);
    const before = headers[i - 1];
    if (!before) break;
    key = await openPreviousKey(header, sealingKey, before);
  }
  return keys;
}

async function openPreviousKey(header: VaultHeader, sealingKey: CryptoKey, before: VaultHeader): Promise<Bytes> {
  const key = header.previousKey && (await openBytes(sealingKey, previousKeyFrame(header), header.previousKey));
  if (!key || !equalBytes(await hashVaultKey(key), before.keyHash)) throw new VaultRefusal('wrong_key');
  return key;
}

function hashVaultKey(key: Bytes): Promise<Bytes> {
  return sha256(encodeFields('vaultKeyHash', [key]));
}

function wrapInfo({ userId, generation }: VaultKeyName): Bytes {
  return encodeFields('vaultWrap', [userId, generation]);
}

function previousKeyFrame({ userId, generation }: VaultKeyName): Bytes {
  return encodeFields('vaultPreviousKey', [userId, generation]);
}
