import { DestroyRef, inject, Injectable, signal } from '@angular/core';

const IDLE_AFTER_MS = 3000;

/** Detects that the user has done nothing for a while, so that the controls can fade. */
@Injectable()
export class IdleDetector {
  private timer?: ReturnType<typeof setTimeout>;
  private held = false;
  readonly isIdle = signal(false);

  constructor() {
    inject(DestroyRef).onDestroy(() => clearTimeout(this.timer));
    this.restartIdleTimer();
  }

  restartIdleTimer(): void {
    clearTimeout(this.timer);
    this.isIdle.set(false);
    if (!this.held) this.timer = setTimeout(() => this.isIdle.set(true), IDLE_AFTER_MS);
  }

  /** Keeps the controls visible while one of their menus is open. */
  setIdlePaused(held: boolean): void {
    this.held = held;
    this.restartIdleTimer();
  }
}
