import { AppError } from './http/app-error';

/** How many keys are looked up at once at most. */
const MAX_BATCH_SIZE = 500;

/** How long one look-up may take, in ms. */
export const LOOKUP_TIMEOUT_MS = 5_000;

/**
 * How long keys are gathered when some came while a look-up ran, in ms: at two thousand a second there would be a
 * statement for every second one otherwise, and each costs more than looking up some more keys.
 */
export const GATHER_MS = 3;

interface WaitingKey<K, V> {
  key: K;
  resolve: (value: V | undefined) => void;
  reject: (error: unknown) => void;
}

/**
 * Looks up keys that come while another look-up runs by the next one, together: thousands of devices that come back at
 * the same moment cost a few statements instead of some each, and one that comes alone waits for nobody. No look-up
 * answers for a key that came after it began, so an answer is never older than its question. One that does not end is
 * given up, since all others wait for it, and one that fails for many is tried once more.
 */
export class BatchedLookup<K, V> {
  private waiting: WaitingKey<K, V>[] = [];
  private running = false;

  /** @param loadAll looks up keys, each once; those without a value are left out */
  constructor(private readonly loadAll: (keys: readonly K[]) => Promise<ReadonlyMap<K, V>>) {}

  /**
   * @returns the value of a key, if it has one
   * @throws AppError unavailable when the look-up does not end in time
   */
  load(key: K): Promise<V | undefined> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ key, resolve, reject });
      if (!this.running) void this.loadWaitingKeys();
    });
  }

  private async loadWaitingKeys(): Promise<void> {
    this.running = true;
    while (this.waiting.length > 0) {
      await this.loadBatch(this.waiting.splice(0, MAX_BATCH_SIZE));
      if (this.waiting.length > 0 && this.waiting.length < MAX_BATCH_SIZE)
        await new Promise((gathered) => setTimeout(gathered, GATHER_MS));
    }
    this.running = false;
  }

  private async loadBatch(batch: readonly WaitingKey<K, V>[]): Promise<void> {
    try {
      const values = await this.loadOnceMoreForMany([...new Set(batch.map(({ key }) => key))]);
      for (const { key, resolve } of batch) resolve(values.get(key));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  /** One lost connection would otherwise turn hundreds away. What has not ended in time is not asked again. */
  private async loadOnceMoreForMany(keys: readonly K[]): Promise<ReadonlyMap<K, V>> {
    try {
      return await this.loadInTime(keys);
    } catch (error) {
      if (keys.length === 1 || error instanceof LookupTimeout) throw error;
      return this.loadInTime(keys);
    }
  }

  private async loadInTime(keys: readonly K[]): Promise<ReadonlyMap<K, V>> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new LookupTimeout('unavailable')), LOOKUP_TIMEOUT_MS);
    });
    try {
      return await Promise.race([this.loadAll(keys), timeout]);
    } finally {
      clearTimeout(timer);
    }
  }
}

class LookupTimeout extends AppError {}
