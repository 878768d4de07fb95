import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { Component, inject } from '@angular/core';
import { I18n } from '../../../core/text/i18n';
import type { ActiveCall } from '../../../state/call/active-call';
import { DialogFrame } from '../../../ui/feedback/dialog';
import { Button } from '../../../ui/forms/button';
import { Figures } from './figures';

/** A dialog with the measured media quality of every other participant. */
@Component({
  selector: 'wc-figures-dialog',
  imports: [Button, DialogFrame, Figures],
  template: `
    <wc-dialog [title]="t().call.figures">
      @for (participant of activeCall.others(); track participant.id) {
        @let quality = activeCall.qualities().get(participant.id) ?? null;
        <section>
          <h3>
            <bdi>{{ participant.name }}</bdi>
          </h3>
          @if (quality) {
            <p class="muted small">{{ t().call.quality[quality.level] }}</p>
          }
          <wc-figures [quality]="quality" />
        </section>
      } @empty {
        <p>{{ t().call.noOneElse }}</p>
      }
      <button actions wcButton="primary" type="button" (click)="ref.close()">{{ t().common.close }}</button>
    </wc-dialog>
  `,
  styles: `
    h3 {
      font-size: var(--text-15);
    }
    section {
      display: grid;
      gap: var(--space-4);
    }
  `,
})
export class FiguresDialog {
  protected readonly ref = inject(DialogRef);
  protected readonly activeCall = inject<ActiveCall>(DIALOG_DATA);
  protected readonly t = inject(I18n).t;
}
