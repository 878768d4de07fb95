import { Component, inject } from '@angular/core';
import type { ChangePreferencesDto, Ringtone } from '@webcall/contracts';
import { ErrorTexts } from '../../core/text/errors';
import { I18n } from '../../core/text/i18n';
import { Reach } from '../../state/people/reach';
import { RingtoneSelect } from '../../widgets/ringtone-select';
import { Switch } from '../../ui/forms/switch';
import { Toasts } from '../../ui/feedback/toasts';

/** How the user wants to be reached. */
@Component({
  selector: 'wc-reach-settings',
  imports: [RingtoneSelect, Switch],
  template: `
    <wc-switch
      [label]="t().reach.doNotDisturb"
      [hint]="t().reach.doNotDisturbHint"
      [value]="reach.settings().doNotDisturb"
      (valueChange)="change({ doNotDisturb: $event })"
    />
    <wc-switch
      [label]="t().reach.shareLastSeen"
      [hint]="t().reach.shareLastSeenHint"
      [value]="reach.settings().shareLastSeen"
      (valueChange)="change({ shareLastSeen: $event })"
    />
    <wc-ringtone-select [value]="reach.settings().ringtone" (valueChange)="setRingtone($event)" />
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
  private readonly toasts = inject(Toasts);
  private readonly errors = inject(ErrorTexts);
  protected readonly reach = inject(Reach);
  protected readonly t = inject(I18n).t;

  protected setRingtone(ringtone: Ringtone | null): void {
    if (ringtone) void this.change({ ringtone });
  }

  protected async change(change: ChangePreferencesDto): Promise<void> {
    try {
      await this.reach.change(change);
    } catch (error) {
      this.toasts.show(this.errors.of(error), 'bad');
    }
  }
}
