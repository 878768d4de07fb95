import { createPublicKey, verify } from 'node:crypto';

/** The first field of what a device signs to show that a session is its own. */
const DEVICE_SESSION_LABEL = 'webcall device session 1';

/** @returns whether the signature of the message is one by that Ed25519 key of 32 bytes */
export function isSignedBy(publicKey: Buffer, message: Buffer, signature: Buffer): boolean {
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: publicKey.toString('base64url') };
  return verify(null, message, createPublicKey({ key: jwk, format: 'jwk' }), signature);
}

/** @returns the bytes that a device signs to belong to a session, as `signDeviceSession` of `libs/encryption` has them */
export function deviceSessionBytes(userId: string, deviceId: string, sessionId: string): Buffer {
  return Buffer.concat([DEVICE_SESSION_LABEL, userId, deviceId, sessionId].flatMap(withLength));
}

function withLength(text: string): [Buffer, Buffer] {
  const [length, bytes] = [Buffer.alloc(4), Buffer.from(text)];
  length.writeUInt32BE(bytes.length);
  return [length, bytes];
}
