import { type LimitHits, type LimitRate, LimitStorage, toLimitHits } from './limit-storage';
import { currentWindowTime, LimitWindows } from './limit-windows';

/** Counts uses in the memory of this process. */
export class MemoryLimitStorage extends LimitStorage {
  private readonly windows = new LimitWindows<{ uses: number; readonly endsAt: number }>();

  /** Number of windows in memory. */
  get rememberedWindowCount(): number {
    return this.windows.openWindowCount;
  }

  countLimitUse(name: string, key: string, { limit, ttl }: LimitRate, amount = 1): LimitHits {
    const now = currentWindowTime();
    const window =
      this.windows.findOpenWindow(name, key, now) ??
      this.windows.storeWindow(name, key, { uses: 0, endsAt: now + ttl }, now);
    window.uses += amount;
    return toLimitHits(window.uses, window.endsAt - now, window.uses > limit);
  }

  remainingBlockMs(name: string, key: string, limit: number): number {
    const now = currentWindowTime();
    const window = this.windows.findOpenWindow(name, key, now);
    return window && window.uses >= limit ? window.endsAt - now : 0;
  }
}
