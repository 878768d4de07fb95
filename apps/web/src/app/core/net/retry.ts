import { DestroyRef, inject } from '@angular/core';
import { Scope } from '@webcall/base';

const FIRST_MS = 2000;
const LONGEST_MS = 15_000;

/** Tries something again by itself, after twice as long each time, until it works or its owner ends. */
export class Retry {
  private readonly scope = new Scope();
  private wait = FIRST_MS;
  private cancel?: () => void;

  /** To be made where Angular injects. */
  constructor(private readonly again: () => void) {
    inject(DestroyRef).onDestroy(() => this.scope.close());
  }

  /** It failed, and may work later. */
  later(): void {
    this.cancel?.();
    this.cancel = this.scope.timeout(this.wait, this.again);
    this.wait = Math.min(2 * this.wait, LONGEST_MS);
  }

  /** It worked, or is not wanted any more. */
  reset(): void {
    this.cancel?.();
    this.wait = FIRST_MS;
  }
}
