import type { Scope } from './scope';

/** Runs once a while after it is set, unless it is stopped. Setting it again while it runs does not put it off. */
export class Alarm {
  private cancel: (() => void) | null = null;

  constructor(
    private readonly scope: Scope,
    private readonly run: () => void,
  ) {}

  /** Starts it, if it does not run already; `ms` in milliseconds. */
  set(ms: number): void {
    this.cancel ??= this.scope.timeout(ms, () => {
      this.cancel = null;
      this.run();
    });
  }

  /** Ends it before its time. */
  stop(): void {
    this.cancel?.();
    this.cancel = null;
  }
}
