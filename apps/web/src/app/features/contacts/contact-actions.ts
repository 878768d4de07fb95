import { CdkMenu, CdkMenuTrigger } from '@angular/cdk/menu';
import { Component, computed, inject, input, output } from '@angular/core';
import type { ContactDto } from '@webcall/contracts';
import { I18n } from '../../core/text/i18n';
import { CallEntry } from '../../flows/call-entry';
import { CallSession } from '../../state/call/call-session';
import { Dialogs } from '../../ui/feedback/dialog';
import { IconLabel } from '../../ui/feedback/tooltip';
import { Button } from '../../ui/forms/button';
import { MenuItem } from '../../ui/forms/menu-item';
import { RingtoneDialog } from './ringtone-dialog';

/** What can be done with a contact: write and call at once, the rest in a menu. */
@Component({
  selector: 'wc-contact-actions',
  imports: [Button, CdkMenu, CdkMenuTrigger, IconLabel, MenuItem],
  template: `
    <button
      wcButton="ghost"
      iconOnly="chat"
      type="button"
      [wcLabel]="t().people.write(contact().name)"
      (click)="entry.navigateToDirectRoom(contact().userId)"
    ></button>
    <button
      wcButton="ghost"
      iconOnly="call"
      type="button"
      [busy]="joining()"
      [wcLabel]="t().rings.callName(contact().name)"
      (click)="entry.callPerson(contact().userId)"
    ></button>
    <button
      wcButton="ghost"
      iconOnly="more"
      type="button"
      [attr.aria-label]="t().people.actionsFor(contact().name)"
      [cdkMenuTriggerFor]="menu"
    ></button>
    <ng-template #menu>
      <div class="menu" cdkMenu>
        <button wcMenuItem="chat" (chosen)="entry.navigateToDirectRoom(contact().userId)">
          {{ t().people.writeShort }}
        </button>
        <button wcMenuItem="call" (chosen)="entry.callPerson(contact().userId)">{{ t().rings.call }}</button>
        <button wcMenuItem="sound" (chosen)="openRingtoneDialog()">{{ t().reach.ringtone }}</button>
        <div class="menu-line" role="separator"></div>
        <button wcMenuItem="door" (chosen)="remove.emit()">{{ t().people.remove }}</button>
        <button wcMenuItem="block" danger (chosen)="block.emit()">{{ t().people.block }}</button>
      </div>
    </ng-template>
  `,
  styles: `
    :host {
      display: contents;
    }
  `,
})
export class ContactActions {
  private readonly dialogs = inject(Dialogs);
  private readonly call = inject(CallSession);
  protected readonly entry = inject(CallEntry);
  protected readonly t = inject(I18n).t;
  protected readonly joining = computed(() => this.call.joining() !== null);
  readonly contact = input.required<ContactDto>();
  readonly remove = output();
  readonly block = output();

  protected openRingtoneDialog(): void {
    const contact = this.contact();
    void this.dialogs.openDialog(RingtoneDialog, contact, this.t().reach.ringtoneOf(contact.name));
  }
}
