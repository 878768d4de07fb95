import type { Scope } from './scope';

/** A timer that calls a function once after a delay. Scheduling it again while it is pending does not delay it. */
export class OneShotTimer {
  private cancel: (() => void) | null = null;

  constructor(
    private readonly scope: Scope,
    private readonly run: () => void,
  ) {}

  /** Starts the timer unless it is pending already; `ms` in milliseconds. */
  scheduleIfIdle(ms: number): void {
    this.cancel ??= this.scope.scheduleTimeout(ms, () => {
      this.cancel = null;
      this.run();
    });
  }

  /** Stops the timer without calling the function. */
  cancelTimer(): void {
    this.cancel?.();
    this.cancel = null;
  }
}
