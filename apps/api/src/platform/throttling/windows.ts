/** How often what is over is cleared away, in ms. */
const CLEAR_EVERY = 60_000;

/**
 * What is known until its window ends, by limit and key. One map in another, so that no text has to be put together for
 * each look.
 */
export class Windows<T extends { readonly endsAt: number }> {
  private readonly byName = new Map<string, Map<string, T>>();
  private clearAt = performance.now() + CLEAR_EVERY;

  /** How many windows are kept. */
  get size(): number {
    let size = 0;
    for (const { size: some } of this.byName.values()) size += some;
    return size;
  }

  /** @returns the window, unless it is over */
  find(name: string, key: string, now: number): T | undefined {
    const window = this.byName.get(name)?.get(key);
    return window && window.endsAt > now ? window : undefined;
  }

  set(name: string, key: string, window: T, now: number): T {
    if (now > this.clearAt) this.clear(now);
    let byKey = this.byName.get(name);
    if (!byKey) this.byName.set(name, (byKey = new Map<string, T>()));
    byKey.set(key, window);
    return window;
  }

  private clear(now: number): void {
    this.clearAt = now + CLEAR_EVERY;
    for (const byKey of this.byName.values()) {
      for (const [key, { endsAt }] of byKey) if (endsAt <= now) byKey.delete(key);
    }
  }
}
