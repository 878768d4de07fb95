import { inject, Injectable, signal } from '@angular/core';
import type { PersonDto } from '@webcall/contracts';
import { I18n } from '../core/text/i18n';
import { Contacts, type ContactStep } from '../state/people/contacts';
import { Dialogs } from '../ui/feedback/dialog';
import { FailureToasts } from './failure-toasts';

/** Takes steps between the user and other people, one at a time, and asks before those that end something. */
@Injectable({ providedIn: 'root' })
export class ContactSteps {
  private readonly dialogs = inject(Dialogs);
  private readonly failures = inject(FailureToasts);
  private readonly contacts = inject(Contacts);
  private readonly t = inject(I18n).t;

  /** Id of the person with whom a step is running. */
  readonly busy = signal<string | null>(null);

  sendRequest(userId: string): Promise<void> {
    return this.attemptStep(userId, () => this.contacts.sendContactRequest(userId));
  }

  applyStep({ userId, step }: { userId: string; step: ContactStep | 'unblock' }): Promise<void> {
    return this.attemptStep(userId, () =>
      step === 'unblock' ? this.contacts.unblockPerson(userId) : this.contacts.sendContactStep(userId, step),
    );
  }

  async confirmRemoval({ userId, name }: Pick<PersonDto, 'userId' | 'name'>): Promise<void> {
    const t = this.t().people;
    if (await this.confirmDangerousStep(t.removeTitle(name), t.removeText, t.removeConfirm))
      await this.attemptStep(userId, () => this.contacts.removeFromContacts(userId));
  }

  async confirmBlock({ userId, name }: Pick<PersonDto, 'userId' | 'name'>): Promise<void> {
    const t = this.t().people;
    if (await this.confirmDangerousStep(t.blockTitle(name), t.blockText, t.block))
      await this.attemptStep(userId, () => this.contacts.blockPerson(userId));
  }

  private confirmDangerousStep(title: string, text: string, confirm: string): Promise<boolean> {
    return this.dialogs.askConfirmation({ title, text, confirm, cancel: this.t().common.cancel, danger: true });
  }

  private async attemptStep(userId: string, action: () => Promise<unknown>): Promise<void> {
    if (this.busy()) return;
    this.busy.set(userId);
    // After a refusal the shown list may be outdated, so load it again.
    if (!(await this.failures.runWithToast(action))) void this.contacts.loadContacts();
    this.busy.set(null);
  }
}
