/** A lifetime: whatever is added to it ends when it is closed, the last added first. */
export class Scope {
  private readonly cleanups = new Set<() => void>();
  private ended = false;

  /** Whether it is over. */
  get closed(): boolean {
    return this.ended;
  }

  /** Runs `cleanup` at the end, or at once if that is past. @returns the call that takes it back without running it. */
  add(cleanup: () => void): () => void {
    if (this.ended) cleanup();
    else this.cleanups.add(cleanup);
    return () => void this.cleanups.delete(cleanup);
  }

  /** A scope that ends with this one, or before. */
  child(): Scope {
    const child = new Scope();
    const forget = this.add(() => child.close());
    child.add(forget);
    return child;
  }

  /** `addEventListener` that ends with the scope. */
  listen(target: EventTarget, type: string, listener: (event: Event) => void): void {
    if (this.ended) return;
    target.addEventListener(type, listener);
    this.add(() => target.removeEventListener(type, listener));
  }

  /** `setTimeout` that ends with the scope; `ms` in milliseconds. @returns the call that stops it. */
  timeout(ms: number, run: () => void): () => void {
    if (this.ended) return () => undefined;
    const timer = setTimeout(() => {
      forget();
      run();
    }, ms);
    const stop = (): void => clearTimeout(timer);
    const forget = this.add(stop);
    return () => {
      forget();
      stop();
    };
  }

  /** `setInterval` that ends with the scope; `ms` in milliseconds. */
  interval(ms: number, run: () => void): void {
    if (this.ended) return;
    const timer = setInterval(run, ms);
    this.add(() => clearInterval(timer));
  }

  /** Ends it. A second call does nothing. */
  close(): void {
    if (this.ended) return;
    this.ended = true;
    const cleanups = [...this.cleanups].reverse();
    this.cleanups.clear();
    for (const cleanup of cleanups) cleanup();
  }
}
