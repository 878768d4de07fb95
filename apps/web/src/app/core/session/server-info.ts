import { computed, effect, inject, Injectable, signal, untracked } from '@angular/core';
import type { ServerDto } from '@webcall/contracts';
import { ApiClient } from '../net/api-client';
import { RealtimeClient } from '../net/realtime-client';
import { SnapshotLoader } from '../net/snapshot-loader';

/** What the server offers for calls. */
@Injectable({ providedIn: 'root' })
export class ServerInfo {
  private readonly api = inject(ApiClient);
  private readonly known = signal<ServerDto | null>(null);
  private readonly loader = new SnapshotLoader(async () => this.known.set(await this.api.sendRequest('GET /server')));
  /** Whether there is a relay (TURN) server; null until the server has answered. */
  readonly relay = computed(() => this.known()?.relay ?? null);
  /** Whether the request failed and there is no answer so far. */
  readonly failed = computed(() => this.loader.state() === 'error');

  constructor() {
    const { loadRound } = inject(RealtimeClient);
    // Also after a reconnect: the server may have been restarted with other settings.
    effect(() => {
      if (loadRound()) untracked(() => void this.loader.loadSnapshot());
    });
  }
}
