import { computed, inject, Injectable, type Signal, signal } from '@angular/core';
import { BrowserStorage } from '../../core/browser/storage';

/** What a shared screen mostly shows. */
export const SCREEN_CONTENTS = ['text', 'motion'] as const;
export type ScreenContent = (typeof SCREEN_CONTENTS)[number];

interface Kept {
  noiseFilter: boolean;
  relayOnly: boolean;
  screenContent: ScreenContent;
}

const KEY = 'media-preferences';
const USUAL: Kept = { noiseFilter: false, relayOnly: false, screenContent: 'text' };

/** How this device's media are made and travel; kept in this browser. */
@Injectable({ providedIn: 'root' })
export class MediaPreferences {
  private readonly storage = inject(BrowserStorage).browser;
  private readonly kept = signal<Kept>({ ...USUAL, ...(this.storage.get(KEY) as Partial<Kept> | null) });

  /** Whether the own filter takes noise out of the voice, beyond what the browser does by itself. */
  readonly noiseFilter = this.of('noiseFilter');
  /** Whether media go through a TURN server only, so that others do not learn this device's address. */
  readonly relayOnly = this.of('relayOnly');
  readonly screenContent = this.of('screenContent');

  set(change: Partial<Kept>): void {
    this.kept.update((kept) => ({ ...kept, ...change }));
    this.storage.set(KEY, this.kept());
  }

  private of<K extends keyof Kept>(key: K): Signal<Kept[K]> {
    return computed(() => this.kept()[key]);
  }
}
