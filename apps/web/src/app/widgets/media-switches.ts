import { Component, computed, inject } from '@angular/core';
import { ServerInfo } from '../core/session/server-info';
import { I18n } from '../core/text/i18n';
import { MediaPreferences, SCREEN_CONTENTS, type ScreenContent } from '../state/media/media-preferences';
import { NoiseFilter } from '../state/media/noise-filter';
import { Segmented } from '../ui/forms/segmented';
import type { ChoiceOption } from '../ui/forms/select';
import { Switch } from '../ui/forms/switch';

/** Switches for the noise filter, "relay only" and the screen content. They take effect at once, even during a call. */
@Component({
  selector: 'wc-media-switches',
  imports: [Segmented, Switch],
  template: `
    <wc-switch
      [label]="t().devices.noiseFilter"
      [hint]="t().devices.noiseFilterHint"
      [value]="preferences.noiseFilter()"
      (valueChange)="preferences.storeMediaPreferences({ noiseFilter: $event })"
    />
    @if (preferences.noiseFilter() && noise.failed()) {
      <p class="bad" role="alert">{{ t().devices.noiseFilterFailed }}</p>
    }
    <wc-switch
      [label]="t().devices.relayOnly"
      [hint]="t().devices[relayHint()]"
      [value]="preferences.relayOnly()"
      [disabled]="relay() !== true && !preferences.relayOnly()"
      (valueChange)="preferences.storeMediaPreferences({ relayOnly: $event })"
    />
    @if (preferences.relayOnly() && relay() === false) {
      <p class="bad" role="alert">{{ t().devices.relayOnlyInVain }}</p>
    }
    <wc-segmented
      [label]="t().devices.screenContent"
      [options]="contents()"
      [value]="preferences.screenContent()"
      (valueChange)="preferences.storeMediaPreferences({ screenContent: $event })"
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
  /** Without a relay "relay only" can be turned off but not on: it may be left on from before or another server. */
  protected readonly relay = this.server.relay;
  protected readonly t = inject(I18n).t;
  /** Explains "relay only", or why it cannot be turned on. */
  protected readonly relayHint = computed(() => {
    if (this.relay() === false) return 'noRelay';
    if (this.relay() || this.preferences.relayOnly()) return 'relayOnlyHint';
    return this.server.failed() ? 'relayUnknown' : 'relayAsked';
  });
  protected readonly contents = computed<readonly ChoiceOption<ScreenContent>[]>(() =>
    SCREEN_CONTENTS.map((value) => ({ value, label: this.t().devices.screenContents[value] })),
  );
}
