import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** @returns an id that is equal on all replicas for equal text, and reveals nothing of the text without the secret */
export function deriveKeyedId(secret: string, text: string): string {
  const hex = createHmac('sha256', secret).update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Compares two secrets in constant time, so that the duration does not reveal how much of one is right. */
export function isSameSecret(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** @returns 256 random bits, encoded for a cookie, a link or a header. */
export function createSecretToken(): string {
  return randomBytes(32).toString('base64url');
}

/** @returns a secret token that the server can make again from its own secret and the text */
export function deriveSecretToken(secret: string, text: string): string {
  return createHmac('sha256', secret).update(text).digest('base64url');
}

/** @returns the hash to store in place of a secret token. The token is random, so one fast round is enough. */
export function hashSecretToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
