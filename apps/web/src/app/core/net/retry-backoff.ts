import { DestroyRef, inject } from '@angular/core';
import { Scope } from '@webcall/base';

/** The first and the longest pause between two tries, in ms. */
interface RetryPauses {
  first: number;
  longest: number;
}

/** Repeats a failed action after growing pauses, until it works or its owner is destroyed. */
export class RetryBackoff {
  private readonly scope = new Scope();
  private wait: number;
  private cancel?: () => void;

  /** Needs an injection context. */
  constructor(
    private readonly again: () => void,
    private readonly pauses: RetryPauses = { first: 2000, longest: 15_000 },
  ) {
    this.wait = pauses.first;
    inject(DestroyRef).onDestroy(() => this.scope.closeScope());
  }

  /** To be called after a failure that may pass. */
  scheduleRetry(): void {
    this.cancel?.();
    this.cancel = this.scope.scheduleTimeout(this.wait, this.again);
    this.wait = Math.min(2 * this.wait, this.pauses.longest);
  }

  /** To be called after a success, or when no repeat is needed any more. */
  resetBackoff(): void {
    this.cancel?.();
    this.wait = this.pauses.first;
  }
}
