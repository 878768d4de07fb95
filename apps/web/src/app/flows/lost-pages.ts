import { inject, Injectable } from '@angular/core';
import { NavigationEnd, Router } from '@angular/router';
import { filter, merge } from 'rxjs';
import type { Texts } from '../../i18n/en';
import { BrowserLocation } from '../core/browser/browser-location';
import { NetworkMonitor } from '../core/net/network-monitor';
import { RealtimeClient } from '../core/net/realtime-client';
import { fetchServedRelease, readOwnRelease } from '../core/net/served-release';
import { I18n } from '../core/text/i18n';
import { SeatStorage } from '../state/call/seat-storage';
import { Toasts } from '../ui/feedback/toasts';

/**
 * Stays on the page that is open when the code of another one cannot be loaded, and opens it once that is possible. The
 * whole app is loaded anew only if that helps and takes nothing away: the server answers, no call runs here, and it has
 * another release, whose files have other names, or a repeat in this page has failed, as browsers remember a failure.
 */
@Injectable({ providedIn: 'root' })
export class LostPages {
  private readonly router = inject(Router);
  private readonly realtime = inject(RealtimeClient);
  private readonly location = inject(BrowserLocation);
  private readonly seats = inject(SeatStorage);
  private readonly toasts = inject(Toasts);
  private readonly t = inject(I18n).t;
  /** The page that the person asked for last and that could not be loaded. */
  private lostPath: string | null = null;
  /** The page that the person was told to wait for: it opens by itself. */
  private waitingPath: string | null = null;

  constructor() {
    this.router.events
      .pipe(filter((event) => event instanceof NavigationEnd))
      .subscribe(() => (this.lostPath = this.waitingPath = null));
    merge(this.realtime.connected, inject(NetworkMonitor).changed).subscribe(() => {
      if (this.waitingPath === null || this.realtime.isCutOff()) return;
      // What the page tries by itself is no press that is repeated.
      this.lostPath = null;
      void this.router.navigateByUrl(this.waitingPath);
    });
  }

  /** To be called when a navigation to `path` has failed. */
  async handleLostPage(path: string): Promise<void> {
    const isRepeated = this.lostPath === path;
    this.lostPath = path;
    this.waitingPath = null;
    if (this.realtime.isCutOff()) return this.announceWaiting(path);
    const served = await fetchServedRelease();
    // The person has gone elsewhere meanwhile.
    if (this.lostPath !== path) return;
    if (served === null) this.announceWaiting(path);
    else if (this.seats.loadStoredSeat()) this.showNote((t) => t.connection.pageAfterCall);
    else if (isRepeated || served !== readOwnRelease()) this.location.loadAddress(path);
    else this.showNote((t) => t.connection.pageFailed);
  }

  private announceWaiting(path: string): void {
    this.waitingPath = path;
    this.showNote((t) => t.connection.pageWaits);
  }

  private showNote(text: (texts: Texts) => string): void {
    this.toasts.showToast(text(this.t()), 'bad');
  }
}
