import { computed, effect, inject, Injectable, signal, untracked } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import type { ChangePreferencesDto, PreferencesDto } from '@webcall/contracts';
import { ApiClient } from '../../core/net/api-client';
import { RealtimeClient } from '../../core/net/realtime-client';
import { SnapshotLoader } from '../../core/net/snapshot-loader';

const DEFAULT_SETTINGS: PreferencesDto = {
  doNotDisturb: false,
  shareLastSeen: false,
  ringtone: 'chime',
  writers: 'members',
};

/** How the user wants to be reached: settings that are the same on all their devices. */
@Injectable({ providedIn: 'root' })
export class ReachabilitySettings {
  private readonly api = inject(ApiClient);
  private readonly known = signal<PreferencesDto | null>(null);
  /** How many changes the server has not answered yet. */
  private changing = 0;
  /** Until they are known, the defaults apply. */
  readonly settings = computed(() => this.known() ?? DEFAULT_SETTINGS);
  /** Whether the server has said what the user wants; before that nothing can be switched over. */
  readonly isKnown = computed(() => this.known() !== null);

  constructor() {
    const realtime = inject(RealtimeClient);
    const loader = new SnapshotLoader(async () => {
      const before = this.known();
      const preferences = await this.api.sendRequest('GET /preferences');
      // A change or event that came meanwhile is newer.
      if (this.known() === before && this.changing === 0) this.known.set(preferences);
    });
    effect(() => {
      if (realtime.loadRound()) untracked(() => void loader.loadSnapshot());
    });
    realtime
      .observeEvents('preferences:changed')
      .pipe(takeUntilDestroyed())
      .subscribe(({ preferences }) => this.known.set(preferences));
  }

  /** Applies a change at once, and takes it back when the server refuses. @throws ApiError */
  async changeReachability(change: ChangePreferencesDto): Promise<void> {
    const before = this.known();
    const formerValues = Object.fromEntries(Object.entries(before ?? {}).filter(([name]) => name in change));
    this.known.update((known) => known && { ...known, ...change });
    this.changing += 1;
    try {
      this.known.set(await this.api.sendRequest('PATCH /preferences', { body: change }));
    } catch (error) {
      this.known.update((known) => known && { ...known, ...formerValues });
      throw error;
    } finally {
      this.changing -= 1;
    }
  }
}
