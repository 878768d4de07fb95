import { computed, inject, Injectable, type Signal, signal } from '@angular/core';
import { BrowserStorage } from '../../core/browser/browser-storage';

/** What a shared screen mostly shows. */
export const SCREEN_CONTENTS = ['text', 'motion'] as const;
export type ScreenContent = (typeof SCREEN_CONTENTS)[number];

interface StoredPreferences {
  noiseFilter: boolean;
  relayOnly: boolean;
  screenContent: ScreenContent;
}

const KEY = 'media-preferences';
const DEFAULT_PREFERENCES: StoredPreferences = { noiseFilter: false, relayOnly: false, screenContent: 'text' };

/** Settings for how this device's media are processed and sent; stored in this browser. */
@Injectable({ providedIn: 'root' })
export class MediaPreferences {
  private readonly storage = inject(BrowserStorage).browser;
  private readonly kept = signal<StoredPreferences>({
    ...DEFAULT_PREFERENCES,
    ...(this.storage.readValue(KEY) as Partial<StoredPreferences> | null),
  });

  /** Whether WebCall's filter removes noise from the voice, beyond what the browser does by itself. */
  readonly noiseFilter = this.selectPreference('noiseFilter');
  /** Whether media go through a TURN server only, so that others do not learn this device's address. */
  readonly relayOnly = this.selectPreference('relayOnly');
  readonly screenContent = this.selectPreference('screenContent');

  storeMediaPreferences(change: Partial<StoredPreferences>): void {
    this.kept.update((kept) => ({ ...kept, ...change }));
    this.storage.storeValue(KEY, this.kept());
  }

  private selectPreference<K extends keyof StoredPreferences>(key: K): Signal<StoredPreferences[K]> {
    return computed(() => this.kept()[key]);
  }
}
