import { computed, DestroyRef, effect, inject, Injectable, type Signal, signal, untracked } from '@angular/core';
import { Scope } from '@webcall/base';
import { type MendCause } from '@webcall/rtc';
import { isApiError } from '../../core/net/api-error';
import type { CallStay } from './call-stay';
import { MediaPreferences } from '../media/media-preferences';
import { Network } from '../../core/net/network';
import { RealtimeClient } from '../../core/net/realtime-client';

/** New credentials are asked for when this much of the old ones' time has passed. */
const RENEW_AFTER = 0.75;
const RETRY_MS = 2000;
/** What became of the links is reported at most this often. */
const REPORT_MS = 10_000;

const COUNTED = { stalled: 'mended', restarted: 'restarted', rebuilt: 'rebuilt' } as const;

/** Sees to the links of the running call: fresh credentials, the way that the person wants, the own network, the figures. */
@Injectable({ providedIn: 'root' })
export class LinkKeeper {
  private readonly realtime = inject(RealtimeClient);
  private readonly preferences = inject(MediaPreferences);
  private readonly network = inject(Network);
  private readonly active = signal<Signal<CallStay | null>>(signal(null));

  /** The person wants the relay and there is none: the call cannot connect. */
  readonly noRelay = computed(() => this.preferences.relayOnly() && this.active()()?.hasRelay() === false);

  /** To be called once, by the owner of the stay. */
  follow(active: Signal<CallStay | null>): void {
    this.active.set(active);
    effect((onCleanup) => {
      const scope = new Scope();
      onCleanup(() => scope.close());
      const stay = active();
      if (stay) untracked(() => this.report(stay, scope));
    });
    effect((onCleanup) => {
      const stay = active();
      const endsAt = stay?.iceEndsAt() ?? null;
      if (!stay || endsAt === null) return;
      const scope = new Scope();
      onCleanup(() => scope.close());
      const left = endsAt - performance.now();
      scope.timeout(Math.max(0, left * RENEW_AFTER), () => void this.renew(stay, scope));
    });
    let relayOnly = this.preferences.relayOnly();
    effect(() => {
      if (this.preferences.relayOnly() === relayOnly) return;
      relayOnly = this.preferences.relayOnly();
      untracked(() => active()?.setRelayOnly(relayOnly));
    });
    const changes = this.network.changed.subscribe(() => active()?.handleOnline());
    inject(DestroyRef).onDestroy(() => changes.unsubscribe());
  }

  private async renew(stay: CallStay, scope: Scope): Promise<void> {
    try {
      const renewed = await this.realtime.send('ice:get', {}, { volatile: true });
      if (!scope.closed) stay.setIceServers(renewed);
    } catch (error) {
      if (!isApiError(error)) throw error;
      scope.timeout(RETRY_MS, () => void this.renew(stay, scope));
    }
  }

  private report(stay: CallStay, scope: Scope): void {
    let counts = { mended: 0, restarted: 0, rebuilt: 0 };
    let waiting = false;
    const send = async (): Promise<void> => {
      const links = counts;
      counts = { mended: 0, restarted: 0, rebuilt: 0 };
      waiting = false;
      try {
        await this.realtime.send('call:report', { links }, { volatile: true });
      } catch (error) {
        if (!isApiError(error)) throw error;
        for (const key of ['mended', 'restarted', 'rebuilt'] as const) counts[key] += links[key];
        later();
      }
    };
    const later = (): void => {
      if (!waiting) scope.timeout(REPORT_MS, () => void send());
      waiting = true;
    };
    const mended = stay.mended.subscribe((cause: MendCause) => {
      counts[COUNTED[cause]]++;
      later();
    });
    scope.add(() => mended.unsubscribe());
  }
}
