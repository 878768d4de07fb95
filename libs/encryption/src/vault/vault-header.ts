import { type Bytes, equalBytes } from '../bytes/bytes';
import { decodeFields, encodeFields } from '../bytes/encoding';
import { KEY_LENGTH, type SigningKey } from '../bytes/signing';
import { RECEIVING_KEY_LENGTH } from '../identity/receiving';

const HASH_LENGTH = 32;

/** The public half of a key that is no device’s: every generation of the vault can be opened by its other half. */
export interface RecoveryKey {
  /** `phrase`; others stay in the vault as well, such as a passkey of a newer version. */
  readonly kind: string;
  readonly publicKey: Bytes;
  /** What only the owner of the phrase can make of the identity: without it the server could give another vault. */
  readonly identityProof: Bytes;
}

/** Begins a generation of the vault. Signed by the identity key. */
export interface VaultHeader {
  readonly userId: string;
  readonly identity: Bytes;
  /** From 1 on. */
  readonly generation: number;
  /** The head of the log before it, and so of all headers and records before; zeros for the first one. */
  readonly previous: Bytes;
  readonly keyHash: Bytes;
  /** The vault key of the generation before, sealed with the one of this; null for the first one. */
  readonly previousKey: Bytes | null;
  /** How many devices had ended in the list by which the key was sealed: it is renewed when there are more. */
  readonly endedDevices: number;
  readonly recoveryKeys: readonly RecoveryKey[];
}

/** A header as it is stored and sent. */
export interface SignedVaultHeader {
  readonly header: Bytes;
  readonly signature: Bytes;
}

/** @returns the header under the signature of its own identity */
export async function signVaultHeader(header: VaultHeader, identity: SigningKey): Promise<SignedVaultHeader> {
  if (!equalBytes(identity.publicKey, header.identity)) throw new Error('A vault is signed by its own identity.');
  const bytes = encodeVaultHeader(header);
  return { header: bytes, signature: await identity.sign(bytes) };
}

function encodeVaultHeader(header: VaultHeader): Bytes {
  const { userId, identity, generation, previous, keyHash, previousKey, endedDevices, recoveryKeys } = header;
  return encodeFields('vaultHeader', [
    ...[userId, identity, generation, previous, keyHash, previousKey ?? new Uint8Array(), endedDevices],
    recoveryKeys.map(({ kind, publicKey, identityProof }) => [kind, publicKey, identityProof]),
  ]);
}

/** @returns the header; null for any other bytes */
export function decodeVaultHeader(bytes: Bytes): VaultHeader | null {
  const fields = decodeFields('vaultHeader', bytes);
  if (!fields) return null;
  const [userId, identity, generation] = [fields.readText(), fields.readBytes(KEY_LENGTH), fields.readNumber()];
  const [previous, keyHash] = [fields.readBytes(HASH_LENGTH), fields.readBytes(HASH_LENGTH)];
  const [previousKey, endedDevices] = [fields.readBytes(), fields.readNumber()];
  const recoveryKeys = fields.readList((entry) =>
    entry.readFields((key) => {
      const [kind, publicKey] = [key.readText(), key.readBytes(RECEIVING_KEY_LENGTH)];
      return { kind, publicKey, identityProof: key.readBytes(HASH_LENGTH) };
    }),
  );
  if (!fields.isComplete || (generation === 1) !== (previousKey.length === 0)) return null;
  return {
    ...{ userId, identity, generation, previous, keyHash, endedDevices, recoveryKeys },
    previousKey: previousKey.length === 0 ? null : previousKey,
  };
}
