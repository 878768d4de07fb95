import { Component, computed, inject, input, linkedSignal } from '@angular/core';
import type { Knock } from '@webcall/domain';
import { I18n } from '../../../core/text/i18n';
import { KnockRow } from '../../../widgets/knock-row';
import { Moderating } from '../../../flows/moderating';
import { Avatar } from '../../../ui/display/avatar';
import { Button } from '../../../ui/forms/button';
import { Icon } from '../../../ui/display/icon';

/** For moderators: who waits to be let into the call. */
@Component({
  selector: 'wc-knocks',
  imports: [Avatar, Button, Icon, KnockRow],
  templateUrl: './knocks.html',
  styleUrl: './knocks.scss',
  host: { role: 'region', '[attr.aria-label]': 't().door.list' },
})
export class Knocks {
  private readonly moderating = inject(Moderating);
  protected readonly t = inject(I18n).t;
  readonly roomId = input.required<string>();
  readonly knocks = input.required<readonly Knock[]>();
  protected readonly open = linkedSignal({ source: () => this.knocks().length < 2, computation: () => false });
  protected readonly single = computed(() => (this.knocks().length === 1 ? (this.knocks()[0] ?? null) : null));

  protected answer(admit: boolean, knock?: Knock): void {
    void this.moderating.answerKnock(this.roomId(), admit, knock?.id);
  }
}
