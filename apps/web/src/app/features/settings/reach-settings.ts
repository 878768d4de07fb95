import { Component, computed, inject } from '@angular/core';
import type { ChangePreferencesDto, Ringtone } from '@webcall/contracts';
import { WRITERS } from '@webcall/domain';
import { Session } from '../../core/session/session';
import { I18n } from '../../core/text/i18n';
import { FailureToasts } from '../../flows/failure-toasts';
import { ReachabilitySettings } from '../../state/people/reachability-settings';
import { Segmented } from '../../ui/forms/segmented';
import { Switch } from '../../ui/forms/switch';
import { RingtoneSelect } from '../../widgets/ringtone-select';

/** The settings for "do not disturb", last seen and the ringtone. */
@Component({
  selector: 'wc-reach-settings',
  imports: [RingtoneSelect, Segmented, Switch],
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
    @if (!user()?.guest) {
      <div>
        <wc-segmented
          [label]="t().reach.writers"
          [options]="writers()"
          [value]="reach.settings().writers"
          [disabled]="!reach.isKnown()"
          (valueChange)="saveReachSettings({ writers: $event })"
        />
        <p class="muted small">{{ t().reach.writersHint[reach.settings().writers] }}</p>
      </div>
    }
    <wc-ringtone-select [value]="reach.settings().ringtone" (valueChange)="saveDefaultRingtone($event)" />
  `,
  styles: `
    :host {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      gap: var(--space-16);
    }
    .small {
      margin-top: var(--space-4);
    }
  `,
})
export class ReachSettings {
  private readonly failures = inject(FailureToasts);
  protected readonly reach = inject(ReachabilitySettings);
  protected readonly t = inject(I18n).t;

  protected readonly user = inject(Session).user;
  protected readonly writers = computed(() =>
    WRITERS.map((value) => ({ value, label: this.t().reach.writersOf[value] })),
  );

  protected saveDefaultRingtone(ringtone: Ringtone | null): void {
    if (ringtone) void this.saveReachSettings({ ringtone });
  }

  protected async saveReachSettings(change: ChangePreferencesDto): Promise<void> {
    await this.failures.runWithToast(() => this.reach.changeReachability(change));
  }
}
