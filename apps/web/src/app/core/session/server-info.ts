import { computed, effect, inject, Injectable, signal, untracked } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import type { ServerDto } from '@webcall/contracts';
import { ApiClient } from '../net/api-client';
import { Loader } from '../net/loader';
import { RealtimeClient } from '../net/realtime-client';
import { Session } from './session';

/** What the server has for calls. */
@Injectable({ providedIn: 'root' })
export class ServerInfo {
  private readonly api = inject(ApiClient);
  private readonly user = inject(Session).user;
  private readonly known = signal<ServerDto | null>(null);
  private readonly loader = new Loader(async () => this.known.set(await this.api.get<ServerDto>('/server')));
  /** Whether it has a relay (TURN) server; null until it has said so. */
  readonly relay = computed(() => this.known()?.relay ?? null);
  /** Whether it was asked, and has not said anything so far. */
  readonly failed = computed(() => this.loader.state() === 'error');

  constructor() {
    effect(() => {
      if (this.user()) untracked(() => void this.loader.load());
    });
    // It may have been started again, with other settings.
    inject(RealtimeClient)
      .connected.pipe(takeUntilDestroyed())
      .subscribe(() => void this.loader.load());
  }
}
