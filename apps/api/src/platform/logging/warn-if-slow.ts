import { writeToStderr } from './log-output';

/** After how long a start needs an explanation, in ms. */
const SLOW_AFTER_MS = 1000;

/**
 * Writes once to the standard error output what the start is waiting for if it takes longer than a second: the log is
 * not available before the start is complete.
 * @param sentence evaluated when it is written, since the reason may have become known by then
 */
export async function warnIfSlow<T>(work: Promise<T>, sentence: () => string): Promise<T> {
  const timer = setTimeout(() => writeToStderr(sentence()), SLOW_AFTER_MS);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
  }
}

/** @returns host and port of a URL, without the password that it may contain */
export function hostAndPortOf(url: string, defaultPort: number): string {
  const { hostname, port } = new URL(url);
  return `${hostname || 'localhost'}:${port || defaultPort}`;
}

/** @returns the message of an error, else its code: the error of several attempts at once has an empty message */
export function errorReasonOf(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  return message || code || 'no reason was given';
}
