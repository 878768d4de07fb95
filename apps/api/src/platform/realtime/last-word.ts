import { isDeepStrictEqual } from 'node:util';

/**
 * Tells how something stands now. What changes while it is being told is told again: of all the replicas that tell of the
 * same thing at the same time, whoever speaks last says what holds.
 */
export async function tellLastWord<T>(read: () => Promise<T>, tell: (value: T) => void): Promise<T> {
  let told = await read();
  for (;;) {
    tell(told);
    const now = await read();
    if (isDeepStrictEqual(now, told)) return now;
    told = now;
  }
}
