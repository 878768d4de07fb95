import { computed, DestroyRef, effect, inject, Injectable, type Signal, signal, untracked } from '@angular/core';
import { Scope } from '@webcall/base';
import { type LinkRepairKind } from '@webcall/rtc';
import { isApiError } from '../../core/net/api-error';
import { NetworkMonitor } from '../../core/net/network-monitor';
import { RealtimeClient } from '../../core/net/realtime-client';
import { MediaPreferences } from '../media/media-preferences';
import type { ActiveCall } from './active-call';

/** New credentials are requested when this share of the old ones' time has passed. */
const RENEW_AFTER = 0.75;
const RETRY_MS = 2000;
/** Repairs of the links are reported at most this often. */
const REPORT_MS = 10_000;

const REPAIR_COUNTERS = { stalled: 'mended', restarted: 'restarted', rebuilt: 'rebuilt' } as const;

/** Maintains the links of the running call: credentials, relay preference, network changes, reports of repairs. */
@Injectable({ providedIn: 'root' })
export class LinkKeeper {
  private readonly realtime = inject(RealtimeClient);
  private readonly preferences = inject(MediaPreferences);
  private readonly network = inject(NetworkMonitor);
  private readonly active = signal<Signal<ActiveCall | null>>(signal(null));

  /** Whether the person wants the relay and there is none: then the call cannot connect. */
  readonly noRelay = computed(() => this.preferences.relayOnly() && this.active()()?.hasRelay() === false);

  /** To be called once, by the owner of the active call. */
  maintainLinks(active: Signal<ActiveCall | null>): void {
    this.active.set(active);
    effect((onCleanup) => {
      const scope = new Scope();
      onCleanup(() => scope.closeScope());
      const activeCall = active();
      if (activeCall) untracked(() => this.reportLinkRepairs(activeCall, scope));
    });
    effect((onCleanup) => {
      const activeCall = active();
      const endsAt = activeCall?.iceEndsAt() ?? null;
      if (!activeCall || endsAt === null) return;
      const scope = new Scope();
      onCleanup(() => scope.closeScope());
      const remainingMs = endsAt - performance.now();
      scope.scheduleTimeout(Math.max(0, remainingMs * RENEW_AFTER), () => void this.renewIceServers(activeCall, scope));
    });
    let relayOnly = this.preferences.relayOnly();
    effect(() => {
      if (this.preferences.relayOnly() === relayOnly) return;
      relayOnly = this.preferences.relayOnly();
      untracked(() => active()?.applyRelayPreference(relayOnly));
    });
    const changes = this.network.changed.subscribe(() => active()?.notifyNetworkChange());
    inject(DestroyRef).onDestroy(() => changes.unsubscribe());
  }

  private async renewIceServers(activeCall: ActiveCall, scope: Scope): Promise<void> {
    try {
      const renewed = await this.realtime.sendCommand('ice:get', {}, { volatile: true });
      if (!scope.isClosed) activeCall.updateIceServers(renewed);
    } catch (error) {
      if (!isApiError(error)) throw error;
      scope.scheduleTimeout(RETRY_MS, () => void this.renewIceServers(activeCall, scope));
    }
  }

  private reportLinkRepairs(activeCall: ActiveCall, scope: Scope): void {
    let counts = { mended: 0, restarted: 0, rebuilt: 0 };
    let waiting = false;
    const send = async (): Promise<void> => {
      const links = counts;
      counts = { mended: 0, restarted: 0, rebuilt: 0 };
      waiting = false;
      try {
        await this.realtime.sendCommand('call:report', { links }, { volatile: true });
      } catch (error) {
        if (!isApiError(error)) throw error;
        for (const key of ['mended', 'restarted', 'rebuilt'] as const) counts[key] += links[key];
        later();
      }
    };
    const later = (): void => {
      if (!waiting) scope.scheduleTimeout(REPORT_MS, () => void send());
      waiting = true;
    };
    const mended = activeCall.mended.subscribe((cause: LinkRepairKind) => {
      counts[REPAIR_COUNTERS[cause]]++;
      later();
    });
    scope.addCleanup(() => mended.unsubscribe());
  }
}
