import { createHmac } from 'node:crypto';

/** @returns an id that is the same on every replica for the same text, and says nothing of it to who lacks the secret */
export function keyedId(secret: string, text: string): string {
  const hex = createHmac('sha256', secret).update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
