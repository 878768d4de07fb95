import { type Hits, hits, LimitStorage, type Rate } from './limit-storage';
import { Windows } from './windows';

/** Counts what is done in this process. */
export class MemoryStorage extends LimitStorage {
  private readonly windows = new Windows<{ uses: number; readonly endsAt: number }>();

  /** How many windows it remembers. */
  get size(): number {
    return this.windows.size;
  }

  count(name: string, key: string, { limit, ttl }: Rate, amount = 1): Hits {
    const now = performance.now();
    const window =
      this.windows.find(name, key, now) ?? this.windows.set(name, key, { uses: 0, endsAt: now + ttl }, now);
    window.uses += amount;
    return hits(window.uses, window.endsAt - now, window.uses > limit);
  }

  spent(name: string, key: string, limit: number): number {
    const now = performance.now();
    const window = this.windows.find(name, key, now);
    return window && window.uses >= limit ? window.endsAt - now : 0;
  }
}
