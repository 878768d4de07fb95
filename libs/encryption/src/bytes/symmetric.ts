import { type Bytes, concatBytes, randomBytes } from './bytes';

const NONCE = 12;

/** @returns the secret as a key of HKDF, whose bytes nobody gets out again */
export function importKdfKey(secret: Uint8Array): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', concatBytes(secret), 'HKDF', false, ['deriveBits', 'deriveKey']);
}

/** @returns bytes of HKDF-SHA-256; `info` says what they are for */
export async function deriveBytes(secret: CryptoKey, info: Bytes, length: number, salt = new Uint8Array()) {
  return new Uint8Array(
    await crypto.subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt, info }, secret, 8 * length),
  );
}

/** @returns a key of AES-256-GCM by HKDF-SHA-256, whose bytes nobody gets out */
export function deriveSealingKey(secret: CryptoKey, info: Bytes): Promise<CryptoKey> {
  const hkdf = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info };
  return crypto.subtle.deriveKey(hkdf, secret, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}

/** @returns a key of HMAC-SHA-256 by HKDF-SHA-256, with 32 bytes that nobody gets out */
export function deriveMacKey(secret: CryptoKey, info: Bytes, salt: Bytes): Promise<CryptoKey> {
  const hmac = { name: 'HMAC', hash: 'SHA-256', length: 256 };
  return crypto.subtle.deriveKey({ name: 'HKDF', hash: 'SHA-256', salt, info }, secret, hmac, false, [
    'sign',
    'verify',
  ]);
}

/** @returns HMAC-SHA-256 of the bytes */
export async function createMac(key: CryptoKey, bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, bytes));
}

/** @returns whether the MAC is of these bytes under that key; the time tells nothing of where it differs */
export function verifyMac(key: CryptoKey, bytes: Bytes, mac: Bytes): Promise<boolean> {
  return crypto.subtle.verify('HMAC', key, mac, bytes);
}

/** @returns AES-256-GCM under a random nonce, which stands in front; `additional` is authenticated with it */
export async function sealBytes(key: CryptoKey, additional: Bytes, plain: Bytes): Promise<Bytes> {
  const nonce = randomBytes(NONCE);
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce, additionalData: additional }, key, plain);
  return concatBytes(nonce, new Uint8Array(sealed));
}

/** @returns what {@link sealBytes} was given; null if key, additional data or box are others */
export async function openBytes(key: CryptoKey, additional: Bytes, box: Bytes): Promise<Bytes | null> {
  if (box.length < NONCE) return null;
  const parameters = { name: 'AES-GCM', iv: box.subarray(0, NONCE), additionalData: additional };
  const opened = await crypto.subtle.decrypt(parameters, key, box.subarray(NONCE)).catch(nullOnMismatch);
  return opened && new Uint8Array(opened);
}

function nullOnMismatch(error: unknown): null {
  if (error instanceof DOMException && error.name === 'OperationError') return null;
  throw error;
}
