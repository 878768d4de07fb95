/** How often ended windows are removed, in ms. */
const CLEAR_INTERVAL_MS = 60_000;

/** @returns the time of this process in whole ms: sums of fractions are inexact, and a wait of 60 s would become 61 */
export const currentWindowTime = (): number => Math.floor(performance.now());

/**
 * Keeps a value by limit and key until its window ends. It nests two maps, so that a look-up need not concatenate a
 * key.
 */
export class LimitWindows<T extends { readonly endsAt: number }> {
  private readonly byName = new Map<string, Map<string, T>>();
  private clearAt = currentWindowTime() + CLEAR_INTERVAL_MS;

  /** Number of windows in memory, which may include ended ones. */
  get openWindowCount(): number {
    let size = 0;
    for (const { size: some } of this.byName.values()) size += some;
    return size;
  }

  /** @returns the window, unless it has ended */
  findOpenWindow(name: string, key: string, now: number): T | undefined {
    const window = this.byName.get(name)?.get(key);
    return window && window.endsAt > now ? window : undefined;
  }

  storeWindow(name: string, key: string, window: T, now: number): T {
    if (now > this.clearAt) this.clearEndedWindows(now);
    let byKey = this.byName.get(name);
    if (!byKey) this.byName.set(name, (byKey = new Map<string, T>()));
    byKey.set(key, window);
    return window;
  }

  private clearEndedWindows(now: number): void {
    this.clearAt = now + CLEAR_INTERVAL_MS;
    for (const byKey of this.byName.values()) {
      for (const [key, { endsAt }] of byKey) if (endsAt <= now) byKey.delete(key);
    }
  }
}
