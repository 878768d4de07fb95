import { DestroyRef, inject } from '@angular/core';
import { Scope } from '@webcall/base';

const FIRST_MS = 2000;
const LONGEST_MS = 15_000;

/** Repeats a failed action after growing pauses, until it works or its owner is destroyed. */
export class RetryBackoff {
  private readonly scope = new Scope();
  private wait = FIRST_MS;
  private cancel?: () => void;

  /** Needs an injection context. */
  constructor(private readonly again: () => void) {
    inject(DestroyRef).onDestroy(() => this.scope.closeScope());
  }

  /** To be called after a failure that may pass. */
  scheduleRetry(): void {
    this.cancel?.();
    this.cancel = this.scope.scheduleTimeout(this.wait, this.again);
    this.wait = Math.min(2 * this.wait, LONGEST_MS);
  }

  /** To be called after a success, or when no repeat is needed any more. */
  resetBackoff(): void {
    this.cancel?.();
    this.wait = FIRST_MS;
  }
}
