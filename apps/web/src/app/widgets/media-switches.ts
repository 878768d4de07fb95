import { Component, computed, inject } from '@angular/core';
import { I18n } from '../core/text/i18n';
import { MediaPreferences, SCREEN_CONTENTS, type ScreenContent } from '../state/media/media-preferences';
import { NoiseFilter } from '../state/media/noise-filter';
import { ServerInfo } from '../core/session/server-info';
import type { Option } from '../ui/forms/option';
import { Segmented } from '../ui/forms/segmented';
import { Switch } from '../ui/forms/switch';

/** How the own voice and screen are made, and which way media go. All of it works at once, also in a running call. */
@Component({
  selector: 'wc-media-switches',
  imports: [Segmented, Switch],
  template: `
    <wc-switch
      [label]="t().devices.noiseFilter"
      [hint]="t().devices.noiseFilterHint"
      [value]="preferences.noiseFilter()"
      (valueChange)="preferences.set({ noiseFilter: $event })"
    />
    @if (preferences.noiseFilter() && noise.failed()) {
      <p class="bad" role="alert">{{ t().devices.noiseFilterFailed }}</p>
    }
    <wc-switch
      [label]="t().devices.relayOnly"
      [hint]="t().devices[relayHint()]"
      [value]="preferences.relayOnly()"
      [disabled]="relay() !== true && !preferences.relayOnly()"
      (valueChange)="preferences.set({ relayOnly: $event })"
    />
    @if (preferences.relayOnly() && relay() === false) {
      <p class="bad" role="alert">{{ t().devices.relayOnlyInVain }}</p>
    }
    <wc-segmented
      [label]="t().devices.screenContent"
      [options]="contents()"
      [value]="preferences.screenContent()"
      (valueChange)="preferences.set({ screenContent: $event })"
    />
  `,
  styles: `
    :host {
      display: grid;
      gap: var(--space-16);
    }
    .bad {
      color: var(--danger);
      font-size: var(--text-13);
    }
  `,
})
export class MediaSwitches {
  private readonly server = inject(ServerInfo);
  protected readonly preferences = inject(MediaPreferences);
  protected readonly noise = inject(NoiseFilter);
  /** Without one it cannot be turned on, and still off: it may have been on before, or come from another server. */
  protected readonly relay = this.server.relay;
  protected readonly t = inject(I18n).t;
  /** What it means, or why it cannot be turned on. */
  protected readonly relayHint = computed(() => {
    if (this.relay() === false) return 'noRelay';
    if (this.relay() || this.preferences.relayOnly()) return 'relayOnlyHint';
    return this.server.failed() ? 'relayUnknown' : 'relayAsked';
  });
  protected readonly contents = computed<readonly Option<ScreenContent>[]>(() =>
    SCREEN_CONTENTS.map((value) => ({ value, label: this.t().devices.screenContents[value] })),
  );
}
