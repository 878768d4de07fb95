import { createHash, randomBytes } from 'node:crypto';

/** @returns 256 random bits, fit for a cookie, a link or a header. */
export function newSecretToken(): string {
  return randomBytes(32).toString('base64url');
}

/** What is stored of a secret token. It is random, so one fast round is enough. */
export function secretTokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
