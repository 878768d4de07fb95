import { Component, inject, input } from '@angular/core';
import type { Knock } from '@webcall/domain';
import { I18n } from '../core/text/i18n';
import { ModeratorControls } from '../flows/moderator-controls';
import { Avatar } from '../ui/display/avatar';
import { Button } from '../ui/forms/button';

/** A person waiting to be let into the call, with buttons for moderators to admit or deny. */
@Component({
  selector: 'li[wcKnock]',
  imports: [Avatar, Button],
  template: `
    <wc-avatar [id]="knock().userId" [name]="knock().name" [size]="28" />
    <span class="truncate"
      ><bdi>{{ knock().name }}</bdi></span
    >
    <button
      wcButton="ghost"
      iconOnly="close"
      type="button"
      [attr.aria-label]="t().door.denyName(knock().name)"
      (click)="answerRowKnock(false)"
    ></button>
    <button
      wcButton="ghost"
      iconOnly="check"
      type="button"
      [attr.aria-label]="t().door.letInName(knock().name)"
      (click)="answerRowKnock(true)"
    ></button>
  `,
  styles: `
    :host {
      display: flex;
      align-items: center;
      gap: var(--space-8);
      min-height: var(--touch);
    }
    .truncate {
      flex: 1;
    }
  `,
})
export class KnockRow {
  private readonly moderating = inject(ModeratorControls);
  protected readonly t = inject(I18n).t;
  readonly roomId = input.required<string>();
  readonly knock = input.required<Knock>();

  protected answerRowKnock(admit: boolean): void {
    void this.moderating.answerKnockRequest(this.roomId(), admit, this.knock().id);
  }
}
