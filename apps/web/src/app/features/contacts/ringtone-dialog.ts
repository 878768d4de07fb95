import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { Component, inject, signal } from '@angular/core';
import type { ContactDto } from '@webcall/contracts';
import { createForm } from '../../core/text/form';
import { I18n } from '../../core/text/i18n';
import { Contacts } from '../../state/people/contacts';
import { DialogFrame } from '../../ui/feedback/dialog';
import { Button } from '../../ui/forms/button';
import { RingtoneSelect } from '../../widgets/ringtone-select';

/** A dialog for choosing the ringtone of one contact. */
@Component({
  selector: 'wc-ringtone-dialog',
  imports: [Button, DialogFrame, RingtoneSelect],
  template: `
    <wc-dialog [title]="t().reach.ringtoneOf(contact.name)">
      <wc-ringtone-select [usual]="true" [hideLabel]="true" [(value)]="ringtone" />
      @if (form.error(); as why) {
        <p class="bad" role="alert">{{ why }}</p>
      }
      <ng-container actions>
        <button wcButton="ghost" type="button" (click)="ref.close()">{{ t().common.cancel }}</button>
        <button wcButton="primary" type="button" [busy]="form.busy()" (click)="form.submitForm()">
          {{ t().common.save }}
        </button>
      </ng-container>
    </wc-dialog>
  `,
  styles: `
    .bad {
      color: var(--danger);
      font-size: var(--text-13);
    }
  `,
})
export class RingtoneDialog {
  private readonly contacts = inject(Contacts);
  protected readonly contact = inject<ContactDto>(DIALOG_DATA);
  protected readonly ref = inject<DialogRef<void>>(DialogRef);
  protected readonly t = inject(I18n).t;
  protected readonly ringtone = signal(this.contact.ringtone);
  protected readonly form = createForm<never>({
    check: () => ({}),
    submit: async () => {
      await this.contacts.setContactRingtone(this.contact.userId, this.ringtone());
      this.ref.close();
    },
  });
}
