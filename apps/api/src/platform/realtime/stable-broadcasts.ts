import { KeyedMutex } from '@webcall/base';
import { isDeepStrictEqual } from 'node:util';

/**
 * Broadcasts values that are read, not told by an event. In this process the broadcasts of a value take turns, so that
 * a slow one does not send what a later one has already replaced.
 */
export class StableBroadcasts {
  private readonly turns = new KeyedMutex<string>();

  /**
   * Broadcasts the current value, and does so again if it changed meanwhile. When several replicas broadcast the same
   * value at the same time, an older one may be sent once more, but the last broadcast is always the current one.
   * @param key names the value, for all broadcasts of it
   */
  broadcastUntilStable<T>(key: string, read: () => Promise<T>, broadcast: (value: T) => unknown): Promise<T> {
    return this.turns.runExclusive(key, () => repeatUntilStable(read, broadcast));
  }
}

async function repeatUntilStable<T>(read: () => Promise<T>, broadcast: (value: T) => unknown): Promise<T> {
  let sent = await read();
  for (;;) {
    await broadcast(sent);
    const current = await read();
    if (isDeepStrictEqual(current, sent)) return current;
    sent = current;
  }
}
