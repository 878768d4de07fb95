import { Component, computed, inject, input, linkedSignal } from '@angular/core';
import type { Knock } from '@webcall/domain';
import { I18n } from '../../../core/text/i18n';
import { ModeratorControls } from '../../../flows/moderator-controls';
import { Avatar } from '../../../ui/display/avatar';
import { Icon } from '../../../ui/display/icon';
import { Button } from '../../../ui/forms/button';
import { KnockRow } from '../../../widgets/knock-row';

/** The list of people waiting to be let into the call, for moderators. */
@Component({
  selector: 'wc-knocks',
  imports: [Avatar, Button, Icon, KnockRow],
  templateUrl: './knocks.html',
  styleUrl: './knocks.scss',
  host: { role: 'region', '[attr.aria-label]': 't().door.list' },
})
export class Knocks {
  private readonly moderating = inject(ModeratorControls);
  protected readonly t = inject(I18n).t;
  readonly roomId = input.required<string>();
  readonly knocks = input.required<readonly Knock[]>();
  protected readonly open = linkedSignal({ source: () => this.knocks().length < 2, computation: () => false });
  protected readonly single = computed(() => (this.knocks().length === 1 ? (this.knocks()[0] ?? null) : null));

  protected answerWaitingKnocks(admit: boolean, knock?: Knock): void {
    void this.moderating.answerKnockRequest(this.roomId(), admit, knock?.id);
  }
}
