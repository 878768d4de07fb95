import { Component, inject } from '@angular/core';
import type { ChangePreferencesDto, Ringtone } from '@webcall/contracts';
import { I18n } from '../../core/text/i18n';
import { FailureToasts } from '../../flows/failure-toasts';
import { ReachabilitySettings } from '../../state/people/reachability-settings';
import { Switch } from '../../ui/forms/switch';
import { RingtoneSelect } from '../../widgets/ringtone-select';

/** The settings for "do not disturb", last seen and the ringtone. */
@Component({
  selector: 'wc-reach-settings',
  imports: [RingtoneSelect, Switch],
  template: `
    <wc-switch
      [label]="t().reach.doNotDisturb"
      [hint]="t().reach.doNotDisturbHint"
      [value]="reach.settings().doNotDisturb"
      [disabled]="!reach.isKnown()"
      (valueChange)="saveReachSettings({ doNotDisturb: $event })"
    />
    <wc-switch
      [label]="t().reach.shareLastSeen"
      [hint]="t().reach.shareLastSeenHint"
      [value]="reach.settings().shareLastSeen"
      [disabled]="!reach.isKnown()"
      (valueChange)="saveReachSettings({ shareLastSeen: $event })"
    />
    <wc-ringtone-select [value]="reach.settings().ringtone" (valueChange)="saveDefaultRingtone($event)" />
  `,
  styles: `
    :host {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      gap: var(--space-16);
    }
  `,
})
export class ReachSettings {
  private readonly failures = inject(FailureToasts);
  protected readonly reach = inject(ReachabilitySettings);
  protected readonly t = inject(I18n).t;

  protected saveDefaultRingtone(ringtone: Ringtone | null): void {
    if (ringtone) void this.saveReachSettings({ ringtone });
  }

  protected async saveReachSettings(change: ChangePreferencesDto): Promise<void> {
    await this.failures.runWithToast(() => this.reach.changeReachability(change));
  }
}
