import { Aes256Gcm, CipherSuite, HkdfSha512 } from '@hpke/core';
import { XWing } from '@hpke/hybridkem-x-wing';
import { type Bytes } from '../bytes/bytes';

/**
 * HPKE with the KEM of the groups. Only its base and PSK modes may be used: in the modes that authenticate the sender
 * this library takes the sender's key and does nothing with it, because X-Wing cannot.
 */
const suite = new CipherSuite({ kem: new XWing(), kdf: new HkdfSha512(), aead: new Aes256Gcm() });

/** Length of a public key that receives: X-Wing’s. */
export const RECEIVING_KEY_LENGTH = 1216;

/** A pair of keys to which others can seal. */
export interface ReceivingKey {
  readonly publicKey: Bytes;
  readonly secret: Bytes;
}

/** What is sealed to a receiving key. */
export interface SealedToKey {
  readonly encapsulated: Bytes;
  readonly box: Bytes;
}

/** A secret of at least 32 bytes that sealer and receiver share already: nobody without it can seal, or open. */
export interface PreSharedKey {
  readonly id: Bytes;
  readonly key: Bytes;
}

/** @returns a new pair for receiving */
export async function createReceivingKey(): Promise<ReceivingKey> {
  return receivingKeyOf(await suite.kem.generateKeyPair());
}

/** @returns the pair of 32 secret bytes */
export async function receivingKeyOfSeed(seed: Bytes): Promise<ReceivingKey> {
  return receivingKeyOf(await suite.kem.deriveKeyPair(seed.slice().buffer));
}

async function receivingKeyOf({ publicKey, privateKey }: CryptoKeyPair): Promise<ReceivingKey> {
  return {
    publicKey: new Uint8Array(await suite.kem.serializePublicKey(publicKey)),
    secret: new Uint8Array(await suite.kem.serializePrivateKey(privateKey)),
  };
}

/**
 * @returns the bytes, readable by the owner of the key alone; `info` says what for. It says nothing of who sealed, but
 *   that they have `psk`, if one is given.
 */
export async function sealToKey(publicKey: Bytes, info: Bytes, plain: Bytes, psk?: PreSharedKey): Promise<SealedToKey> {
  const recipientPublicKey = await suite.kem.deserializePublicKey(publicKey.slice().buffer);
  const parameters = { recipientPublicKey, info: info.slice().buffer, ...(psk && { psk }) };
  const { enc, ct } = await suite.seal(parameters, plain.slice().buffer);
  return { encapsulated: new Uint8Array(enc), box: new Uint8Array(ct) };
}

/** @returns what {@link sealToKey} was given; null if key, `info` or `psk` are others */
export async function openWithKey(
  secret: Bytes,
  info: Bytes,
  sealed: SealedToKey,
  psk?: PreSharedKey,
): Promise<Bytes | null> {
  const recipientKey = await suite.kem.deserializePrivateKey(secret.slice().buffer);
  const parameters = {
    recipientKey,
    enc: sealed.encapsulated.slice().buffer,
    info: info.slice().buffer,
    ...(psk && { psk }),
  };
  try {
    return new Uint8Array(await suite.open(parameters, sealed.box.slice().buffer));
  } catch {
    return null;
  }
}
