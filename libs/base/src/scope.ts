/** A lifetime: closing it runs all cleanups that were added to it, the last added first. */
export class Scope {
  private readonly cleanups = new Set<() => void>();
  private ended = false;

  /** Whether the scope has been closed. */
  get isClosed(): boolean {
    return this.ended;
  }

  /** Runs `cleanup` on closing, or at once if closed already. @returns a function that removes it without a run. */
  addCleanup(cleanup: () => void): () => void {
    if (this.ended) cleanup();
    else this.cleanups.add(cleanup);
    return () => void this.cleanups.delete(cleanup);
  }

  /** @returns a scope that is closed with this one at the latest. */
  createChildScope(): Scope {
    const child = new Scope();
    const forget = this.addCleanup(() => child.closeScope());
    child.addCleanup(forget);
    return child;
  }

  /** `addEventListener` that ends with the scope. */
  listenToEvent(target: EventTarget, type: string, listener: (event: Event) => void): void {
    if (this.ended) return;
    target.addEventListener(type, listener);
    this.addCleanup(() => target.removeEventListener(type, listener));
  }

  /** `setTimeout` that ends with the scope; `ms` in milliseconds. @returns a function that stops it. */
  scheduleTimeout(ms: number, run: () => void): () => void {
    if (this.ended) return () => undefined;
    const timer = setTimeout(() => {
      forget();
      run();
    }, ms);
    const stop = (): void => clearTimeout(timer);
    const forget = this.addCleanup(stop);
    return () => {
      forget();
      stop();
    };
  }

  /** `setInterval` that ends with the scope; `ms` in milliseconds. */
  scheduleInterval(ms: number, run: () => void): void {
    if (this.ended) return;
    const timer = setInterval(run, ms);
    this.addCleanup(() => clearInterval(timer));
  }

  /** Runs all cleanups. A second call does nothing. */
  closeScope(): void {
    if (this.ended) return;
    this.ended = true;
    const cleanups = [...this.cleanups].reverse();
    this.cleanups.clear();
    for (const cleanup of cleanups) cleanup();
  }
}
