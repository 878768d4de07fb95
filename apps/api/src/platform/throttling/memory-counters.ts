import { Counters } from './counters';

/** How often windows that are over are cleared away, in ms. */
const CLEAR_EVERY = 60_000;

/** Counts what is done in this process. */
export class MemoryCounters extends Counters {
  private readonly windows = new Map<string, { uses: number; endsAt: number }>();
  private clearAt = performance.now() + CLEAR_EVERY;

  /** How many windows it remembers. */
  get size(): number {
    return this.windows.size;
  }

  count(key: string, windowMs: number, limit: number, amount = 1): Promise<number> {
    const now = performance.now();
    if (now > this.clearAt) this.clear(now);
    let window = this.windows.get(key);
    if (!window || window.endsAt <= now) {
      window = { uses: 0, endsAt: now + windowMs };
      this.windows.set(key, window);
    }
    window.uses += amount;
    return Promise.resolve(window.uses > limit ? window.endsAt - now : 0);
  }

  spent(key: string, limit: number): Promise<number> {
    const window = this.windows.get(key);
    return Promise.resolve(window && window.uses >= limit ? Math.max(0, window.endsAt - performance.now()) : 0);
  }

  private clear(now: number): void {
    this.clearAt = now + CLEAR_EVERY;
    for (const [key, { endsAt }] of this.windows) if (endsAt <= now) this.windows.delete(key);
  }
}
