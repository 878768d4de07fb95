import { Injectable, effect, inject, signal, untracked } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import type { ChangePreferencesDto, PreferencesDto } from '@webcall/contracts';
import { ApiClient } from '../../core/net/api-client';
import { Loader } from '../../core/net/loader';
import { RealtimeClient } from '../../core/net/realtime-client';
import { Session } from '../../core/session/session';

const USUAL: PreferencesDto = { doNotDisturb: false, shareLastSeen: false, ringtone: 'chime' };

/** How the user wants to be reached: the same on all their devices. */
@Injectable({ providedIn: 'root' })
export class Reach {
  private readonly api = inject(ApiClient);
  private readonly user = inject(Session).user;
  private readonly known = signal<PreferencesDto>(USUAL);
  /** How many changes the server has not answered yet. */
  private changing = 0;
  readonly settings = this.known.asReadonly();

  constructor() {
    const realtime = inject(RealtimeClient);
    // Until they are known the usual is assumed.
    const loader = new Loader(async () => {
      const before = this.known();
      const preferences = await this.api.get<PreferencesDto>('/preferences');
      // What was changed or told meanwhile is newer.
      if (this.known() === before && this.changing === 0) this.known.set(preferences);
    });
    effect(() => {
      if (this.user()) untracked(() => void loader.load());
    });
    realtime.connected.pipe(takeUntilDestroyed()).subscribe(() => void loader.load());
    realtime
      .on('preferences:changed')
      .pipe(takeUntilDestroyed())
      .subscribe(({ preferences }) => this.known.set(preferences));
  }

  /** Shown at once, and taken back when the server refuses. @throws ApiError */
  async change(change: ChangePreferencesDto): Promise<void> {
    const before = this.known();
    const taken = Object.fromEntries(Object.entries(before).filter(([name]) => name in change));
    this.known.set({ ...before, ...change });
    this.changing += 1;
    try {
      this.known.set(await this.api.patch<PreferencesDto>('/preferences', change));
    } catch (error) {
      this.known.update((known) => ({ ...known, ...taken }));
      throw error;
    } finally {
      this.changing -= 1;
    }
  }
}
