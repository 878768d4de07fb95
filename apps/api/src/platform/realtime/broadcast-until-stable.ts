import { isDeepStrictEqual } from 'node:util';

/**
 * Broadcasts the current value, and does so again if it changed meanwhile. When several replicas broadcast the same
 * value at the same time, the last broadcast is therefore always the current one.
 */
export async function broadcastUntilStable<T>(read: () => Promise<T>, broadcast: (value: T) => void): Promise<T> {
  let sent = await read();
  for (;;) {
    broadcast(sent);
    const current = await read();
    if (isDeepStrictEqual(current, sent)) return current;
    sent = current;
  }
}
