import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { Component, computed, effect, inject, signal, untracked } from '@angular/core';
import type { PersonCardDto } from '@webcall/contracts';
import { SnapshotLoader } from '../core/net/snapshot-loader';
import { I18n } from '../core/text/i18n';
import { CallEntry } from '../flows/call-entry';
import { ContactSteps } from '../flows/contact-steps';
import { CallSession } from '../state/call/call-session';
import { Contacts } from '../state/people/contacts';
import { PresenceTexts } from '../state/people/presence-texts';
import { Avatar } from '../ui/display/avatar';
import { Icon } from '../ui/display/icon';
import { PresenceDot } from '../ui/display/presence-dot';
import { DialogFrame } from '../ui/feedback/dialog';
import { Button } from '../ui/forms/button';
import { LoadView } from './load-view';

export interface PersonOfCard {
  userId: string;
  name: string;
}

/** What the user can do with another person: write, call, become contacts, block. */
@Component({
  selector: 'wc-person-card',
  imports: [Avatar, Button, DialogFrame, Icon, LoadView, PresenceDot],
  templateUrl: './person-card.html',
  styleUrl: './person-card.scss',
})
export class PersonCard {
  private readonly entry = inject(CallEntry);
  private readonly call = inject(CallSession);
  private readonly contacts = inject(Contacts);
  private readonly card = signal<PersonCardDto | null>(null);
  protected readonly words = inject(PresenceTexts);
  protected readonly steps = inject(ContactSteps);
  protected readonly person = inject<PersonOfCard>(DIALOG_DATA);
  protected readonly ref = inject<DialogRef<void>>(DialogRef);
  protected readonly t = inject(I18n).t;
  protected readonly loader = new SnapshotLoader(async () =>
    this.card.set(await this.contacts.loadPerson(this.person.userId)),
  );
  protected readonly contact = computed(() => this.contacts.findContact(this.person.userId));
  /** From the list of contacts, which events keep up to date. */
  protected readonly relation = computed(() => this.contacts.findRelatedUser(this.person.userId)?.relation ?? 'none');
  protected readonly guest = computed(() => this.card()?.guest ?? false);
  protected readonly writable = computed(() => this.card()?.writable ?? false);
  protected readonly joining = computed(() => this.call.joining() !== null);
  protected readonly busy = computed(() => this.steps.busy() === this.person.userId);
  protected readonly note = computed(() => {
    const contact = this.contact();
    if (contact) return this.words.describePresence(contact);
    if (this.guest()) return this.t().people.guestNote;
    const relation = this.relation();
    return relation === 'none' ? null : this.t().people.relation[relation];
  });

  constructor() {
    effect(() => {
      // Whether one may write follows from the relation.
      this.relation();
      untracked(() => void this.loader.loadSnapshot());
    });
  }

  protected writeToPerson(): void {
    this.ref.close();
    void this.entry.navigateToDirectRoom(this.person.userId);
  }

  protected callPerson(): void {
    if (this.joining()) return;
    this.ref.close();
    void this.entry.callPerson(this.person.userId);
  }
}
