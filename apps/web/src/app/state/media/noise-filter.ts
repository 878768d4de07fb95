import { computed, effect, inject, Injectable, type Signal, signal, untracked } from '@angular/core';
import { Scope } from '@webcall/base';
import { filterNoise, type NoiseFilterFiles } from '@webcall/rtc';
import { MediaPreferences } from './media-preferences';

const FOLDER = '/noise-suppressor-0.4.1';
const FILES: NoiseFilterFiles = {
  worklet: `${FOLDER}/rnnoise/workletProcessor.js`,
  wasm: `${FOLDER}/rnnoise.wasm`,
  simdWasm: `${FOLDER}/rnnoise_simd.wasm`,
};
/** A filter that is turned off runs on until the microphone itself is sent, so that no word is lost. */
const OVERLAP_MS = 1000;

/** Removes noise from the own voice, if the person wants that. */
@Injectable({ providedIn: 'root' })
export class NoiseFilter {
  private readonly preferences = inject(MediaPreferences);
  private readonly filtered = signal<{ of: MediaStreamTrack; track: MediaStreamTrack } | null>(null);

  /** Whether the filter failed to start; then the microphone is sent unfiltered. */
  readonly failed = signal(false);

  /** @returns the microphone, filtered as soon as the filter runs */
  filterMicrophone(microphone: Signal<MediaStreamTrack | null>): Signal<MediaStreamTrack | null> {
    effect((onCleanup) => {
      const track = microphone();
      if (!track || !this.preferences.noiseFilter()) return;
      const scope = new Scope();
      untracked(() => void this.startNoiseFilter(track, scope));
      onCleanup(() => setTimeout(() => scope.closeScope(), OVERLAP_MS));
    });
    return computed(() => {
      const [track, filtered] = [microphone(), this.filtered()];
      return this.preferences.noiseFilter() && filtered?.of === track ? filtered.track : track;
    });
  }

  private async startNoiseFilter(of: MediaStreamTrack, scope: Scope): Promise<void> {
    this.failed.set(false);
    try {
      const track = await filterNoise(of, FILES, scope);
      if (scope.isClosed) return;
      this.filtered.set({ of, track });
      // The ended track must not be sent while the next filter starts, nor when that fails.
      scope.addCleanup(() => this.filtered.update((filtered) => (filtered?.track === track ? null : filtered)));
    } catch (error) {
      console.warn('the noise filter could not be started', error);
      scope.closeScope();
      this.failed.set(true);
    }
  }
}
