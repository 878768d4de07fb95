import { computed, DestroyRef, inject, Injectable, signal } from '@angular/core';

/**
 * Pause between two looks at the clock, in ms. A timer for midnight alone would be late by the time that the device
 * slept, and early or late by a change of its clock.
 */
const TICK_MS = 10_000;

/** The device's clock for what is shown: texts that depend on the day change when it ends. */
@Injectable({ providedIn: 'root' })
export class WallClock {
  private readonly ticked = signal(Date.now());

  /** In ms since 1970, a few seconds old. */
  readonly now = this.ticked.asReadonly();

  /** The midnight at which today began. */
  readonly today = computed(() => startOfDay(new Date(this.now())), {
    equal: (a, b) => a.getTime() === b.getTime(),
  });

  constructor() {
    const ticking = setInterval(() => this.ticked.set(Date.now()), TICK_MS);
    inject(DestroyRef).onDestroy(() => clearInterval(ticking));
  }
}

/** @returns the midnight before, by the reader's calendar */
export function startOfDay(time: Date): Date {
  return new Date(time.getFullYear(), time.getMonth(), time.getDate());
}
