import { DestroyRef, inject, Injectable } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { isApiError } from '../../core/net/api-error';
import { RealtimeClient } from '../../core/net/realtime-client';

/** Without any input for this long, the person counts as away, in ms. */
const AWAY_AFTER = 5 * 60_000;
const ACTIVITY_EVENTS = ['pointermove', 'pointerdown', 'keydown', 'wheel', 'touchstart', 'focus'] as const;

/** Reports to the server whether the person is away: while the page is hidden or gets no input. */
@Injectable({ providedIn: 'root' })
export class PresenceReporter {
  private readonly realtime = inject(RealtimeClient);
  private timer?: ReturnType<typeof setTimeout>;
  private away = false;
  private reportedAway = false;

  constructor() {
    const onActivity = (): void => this.checkActivity();
    for (const event of ACTIVITY_EVENTS) addEventListener(event, onActivity, { passive: true, capture: true });
    document.addEventListener('visibilitychange', onActivity);
    // The server counts a new connection as a person who is present.
    this.realtime.connected.pipe(takeUntilDestroyed()).subscribe(() => {
      this.reportedAway = false;
      this.reportAwayIfChanged();
    });
    inject(DestroyRef).onDestroy(() => {
      clearTimeout(this.timer);
      for (const event of ACTIVITY_EVENTS) removeEventListener(event, onActivity, { capture: true });
      document.removeEventListener('visibilitychange', onActivity);
    });
    this.checkActivity();
  }

  private checkActivity(): void {
    clearTimeout(this.timer);
    const hidden = document.visibilityState === 'hidden';
    if (!hidden) this.timer = setTimeout(() => this.setAwayState(true), AWAY_AFTER);
    this.setAwayState(hidden);
  }

  private setAwayState(away: boolean): void {
    this.away = away;
    this.reportAwayIfChanged();
  }

  private reportAwayIfChanged(): void {
    if (this.away === this.reportedAway || this.realtime.status() !== 'online') return;
    this.reportedAway = this.away;
    void this.sendPresence(this.away);
  }

  private async sendPresence(away: boolean): Promise<void> {
    try {
      await this.realtime.sendCommand('presence:set', { away }, { volatile: true });
    } catch (error) {
      // The next input, or the next connection, reports it again.
      if (!isApiError(error)) throw error;
      this.reportedAway = !away;
    }
  }
}
