import { DestroyRef, inject, Injectable } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { isApiError } from '../../core/net/api-error';
import { RealtimeClient } from '../../core/net/realtime-client';

/** Without a touch or a key for this long, the person is not here. */
const AWAY_AFTER = 5 * 60_000;
const SIGNS = ['pointermove', 'pointerdown', 'keydown', 'wheel', 'touchstart', 'focus'] as const;

/** Tells the server whether the person is at this device: not so while the page is hidden or nobody touches it. */
@Injectable({ providedIn: 'root' })
export class PresenceReporter {
  private readonly realtime = inject(RealtimeClient);
  private timer?: ReturnType<typeof setTimeout>;
  private away = false;
  private told = false;

  constructor() {
    const seen = (): void => this.look();
    for (const sign of SIGNS) addEventListener(sign, seen, { passive: true, capture: true });
    document.addEventListener('visibilitychange', seen);
    // A new connection counts as somebody who is here.
    this.realtime.connected.pipe(takeUntilDestroyed()).subscribe(() => {
      this.told = false;
      this.tell();
    });
    inject(DestroyRef).onDestroy(() => {
      clearTimeout(this.timer);
      for (const sign of SIGNS) removeEventListener(sign, seen, { capture: true });
      document.removeEventListener('visibilitychange', seen);
    });
    this.look();
  }

  private look(): void {
    clearTimeout(this.timer);
    const hidden = document.visibilityState === 'hidden';
    if (!hidden) this.timer = setTimeout(() => this.be(true), AWAY_AFTER);
    this.be(hidden);
  }

  private be(away: boolean): void {
    this.away = away;
    this.tell();
  }

  private tell(): void {
    if (this.away === this.told || this.realtime.status() !== 'online') return;
    this.told = this.away;
    void this.send(this.away);
  }

  private async send(away: boolean): Promise<void> {
    try {
      await this.realtime.send('presence:set', { away }, { volatile: true });
    } catch (error) {
      // The next sign of life, or the next connection, tells it again.
      if (!isApiError(error)) throw error;
      this.told = !away;
    }
  }
}
