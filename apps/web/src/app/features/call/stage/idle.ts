import { DestroyRef, inject, Injectable, signal } from '@angular/core';

const AFTER_MS = 3000;

/** Notices when nobody has moved for a while, so that what is not needed can fade. */
@Injectable()
export class Idle {
  private timer?: ReturnType<typeof setTimeout>;
  private held = false;
  readonly on = signal(false);

  constructor() {
    inject(DestroyRef).onDestroy(() => clearTimeout(this.timer));
    this.wake();
  }

  wake(): void {
    clearTimeout(this.timer);
    this.on.set(false);
    if (!this.held) this.timer = setTimeout(() => this.on.set(true), AFTER_MS);
  }

  /** While something is open that belongs to the controls, they stay. */
  hold(held: boolean): void {
    this.held = held;
    this.wake();
  }
}
