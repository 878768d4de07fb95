import { ed25519 } from '@noble/curves/ed25519.js';
import { type Bytes, concatBytes, randomBytes } from './bytes';

/** PKCS #8 of an Ed25519 key (RFC 8410) up to its 32 bytes: WebCrypto takes private keys in no shorter form. */
const PKCS8 = Uint8Array.of(
  0x30,
  0x2e,
  0x02,
  0x01,
  0x00,
  0x30,
  0x05,
  0x06,
  0x03,
  0x2b,
  0x65,
  0x70,
  0x04,
  0x22,
  4,
  0x20,
);

/** Length of public keys and of seeds. */
export const KEY_LENGTH = 32;

/** Length of signatures. */
export const SIGNATURE_LENGTH = 64;

/** A key that signs with Ed25519. */
export interface SigningKey {
  readonly publicKey: Bytes;
  sign(message: Uint8Array): Promise<Bytes>;
  /** What a store keeps of it: a key whose bytes nobody gets out, or a seed where WebCrypto lacks Ed25519. */
  readonly stored: CryptoKey | Bytes;
}

let webCryptoHasEd25519: Promise<boolean> | undefined;

/** @returns whether WebCrypto has Ed25519 here; `noble` does the work where it does not */
export function hasEd25519(): Promise<boolean> {
  webCryptoHasEd25519 ??= crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify']).then(
    () => true,
    () => false,
  );
  return webCryptoHasEd25519;
}

/** @returns a new signing key whose private bytes never leave WebCrypto, where that has Ed25519 */
export async function createSigningKey(native = hasEd25519()): Promise<SigningKey> {
  if (!(await native)) return signingKeyOfSeed(randomBytes(KEY_LENGTH), native);
  const { publicKey, privateKey } = await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify']);
  return storedSigningKey(new Uint8Array(await crypto.subtle.exportKey('raw', publicKey)), privateKey);
}

/** @returns the key of 32 secret bytes */
export async function signingKeyOfSeed(seed: Uint8Array, native = hasEd25519()): Promise<SigningKey> {
  const publicKey = new Uint8Array(ed25519.getPublicKey(seed));
  if (!(await native)) return storedSigningKey(publicKey, new Uint8Array(seed));
  return storedSigningKey(
    publicKey,
    await crypto.subtle.importKey('pkcs8', concatBytes(PKCS8, seed), 'Ed25519', false, ['sign']),
  );
}

/** @returns the key whose `stored` was kept */
export function storedSigningKey(publicKey: Bytes, stored: CryptoKey | Bytes): SigningKey {
  return {
    publicKey,
    stored,
    sign: async (message) =>
      stored instanceof Uint8Array
        ? new Uint8Array(ed25519.sign(message, stored))
        : new Uint8Array(await crypto.subtle.sign('Ed25519', stored, concatBytes(message))),
  };
}

/** @returns whether the signature over the message is of that key */
export async function verifySignature(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
  native = hasEd25519(),
): Promise<boolean> {
  if (publicKey.length !== KEY_LENGTH || signature.length !== SIGNATURE_LENGTH) return false;
  if (!(await native)) return ed25519.verify(signature, message, publicKey, { zip215: false });
  // Some engines refuse a public key that is no point of the curve already when they import it.
  const key = await crypto.subtle
    .importKey('raw', concatBytes(publicKey), 'Ed25519', false, ['verify'])
    .catch(() => null);
  return key !== null && crypto.subtle.verify('Ed25519', key, concatBytes(signature), concatBytes(message));
}
