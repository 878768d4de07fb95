import { complain } from './log-output';

/** When somebody who looks at a start begins to wonder, in ms. */
const SOON = 1000;

/**
 * Says on the standard error output what the start waits for, once, when it takes longer than a second: the log is not
 * there before the start is over.
 * @param sentence asked when it is time: the reason may have become known
 */
export async function sayIfLate<T>(work: Promise<T>, sentence: () => string): Promise<T> {
  const late = setTimeout(() => complain(sentence()), SOON);
  try {
    return await work;
  } finally {
    clearTimeout(late);
  }
}

/** @returns host and port of an address, which may have a password in it */
export function placeOf(url: string, usualPort: number): string {
  const { hostname, port } = new URL(url);
  return `${hostname || 'localhost'}:${port || usualPort}`;
}

/** @returns why, in the words of whoever said it; several attempts at once have no words of their own */
export function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  return message || code || 'no reason was given';
}
