import { Component, computed, inject, signal } from '@angular/core';
import type { PersonDto } from '@webcall/contracts';
import { toCanonicalName } from '@webcall/domain';
import { QueryLoader } from '../../core/net/query-loader';
import { I18n } from '../../core/text/i18n';
import { FailureToasts } from '../../flows/failure-toasts';
import { Contacts } from '../../state/people/contacts';
import { PresenceTexts } from '../../state/people/presence-texts';
import { Avatar } from '../../ui/display/avatar';
import { Icon } from '../../ui/display/icon';
import { PresenceDot } from '../../ui/display/presence-dot';
import { Row } from '../../ui/display/row';
import { Dialogs } from '../../ui/feedback/dialog';
import { EmptyState } from '../../ui/feedback/empty-state';
import { Button } from '../../ui/forms/button';
import { Field } from '../../ui/forms/field';
import { LoadView } from '../../widgets/load-view';
import { PartialList } from '../../widgets/partial-list';
import { ShowMore } from '../../widgets/show-more';
import { ContactActions } from './contact-actions';
import { PeopleList, type PersonAction } from './people-list';

/** Shorter queries find too many people. */
const MIN_QUERY_LENGTH = 3;

/** The page with contacts, contact requests and the search for people. */
@Component({
  selector: 'wc-people-page',
  imports: [Avatar, Button, ContactActions, EmptyState, Field, Icon, LoadView, PeopleList, PresenceDot, Row, ShowMore],
  templateUrl: './people-page.html',
  styleUrl: './people-page.scss',
})
export class PeoplePage {
  private readonly dialogs = inject(Dialogs);
  private readonly failures = inject(FailureToasts);
  protected readonly contacts = inject(Contacts);
  protected readonly words = inject(PresenceTexts);
  protected readonly t = inject(I18n).t;

  protected readonly query = signal('');
  protected readonly search = new QueryLoader<readonly PersonDto[] | null>(
    () => toCanonicalName(this.query()),
    (name) => (name.length < MIN_QUERY_LENGTH ? Promise.resolve(null) : this.contacts.searchUsersByName(name)),
  );
  protected readonly busy = signal<string | null>(null);

  protected readonly asked = computed(() => this.contacts.contactsByRelation('asked'));
  protected readonly mine = new PartialList(() => this.contacts.contactsByRelation('contact'));
  /** Requested people without those in the search results, which show the request too. */
  protected readonly requestedBefore = computed(() => {
    const foundIds = new Set(this.search.found()?.result?.map(({ userId }) => userId));
    return this.contacts.contactsByRelation('requested').filter(({ userId }) => !foundIds.has(userId));
  });
  protected readonly blocked = computed(() => this.contacts.contactsByRelation('blocked'));
  protected readonly actions = computed(() => {
    const t = this.t().people;
    return {
      asked: [
        { step: 'decline', label: t.decline, labelFor: t.declineNamed },
        { step: 'accept', label: t.accept, labelFor: t.acceptNamed },
      ],
      requested: [{ step: 'withdraw', label: t.withdraw, labelFor: t.withdrawNamed }],
      blocked: [{ step: 'unblock', label: t.unblock, labelFor: t.unblockNamed }],
    } satisfies Record<string, PersonAction[]>;
  });
  /** The list is empty and no search was entered. */
  protected readonly lonely = computed(() => this.contacts.all().length === 0 && this.query().trim() === '');

  /** The relation to a found person, from the contact list, which is newer. Null when a request can be sent. */
  protected relationNoteOf(person: PersonDto): string | null {
    const relation = this.currentRelationTo(person);
    return relation === 'none' ? null : this.t().people.relation[relation];
  }

  protected currentRelationTo({ userId, relation }: PersonDto): PersonDto['relation'] {
    return this.contacts.findRelatedUser(userId)?.relation ?? (relation === 'contact' ? 'contact' : 'none');
  }

  protected requestFoundPerson(userId: string): Promise<void> {
    return this.attemptContactStep(userId, () => this.contacts.sendContactRequest(userId));
  }

  protected applyPersonAction({ userId, step }: { userId: string; step: PersonAction['step'] }): Promise<void> {
    return this.attemptContactStep(userId, () =>
      step === 'unblock' ? this.contacts.unblockPerson(userId) : this.contacts.sendContactStep(userId, step),
    );
  }

  protected async confirmRemoveContact({ userId, name }: PersonDto): Promise<void> {
    const t = this.t().people;
    if (await this.confirmDangerousStep(t.removeTitle(name), t.removeText, t.removeConfirm)) {
      await this.attemptContactStep(userId, () => this.contacts.removeFromContacts(userId));
    }
  }

  protected async confirmBlockPerson({ userId, name }: PersonDto): Promise<void> {
    const t = this.t().people;
    if (await this.confirmDangerousStep(t.blockTitle(name), t.blockText, t.block)) {
      await this.attemptContactStep(userId, () => this.contacts.blockPerson(userId));
    }
  }

  private confirmDangerousStep(title: string, text: string, confirm: string): Promise<boolean> {
    return this.dialogs.askConfirmation({ title, text, confirm, cancel: this.t().common.cancel, danger: true });
  }

  private async attemptContactStep(userId: string, action: () => Promise<unknown>): Promise<void> {
    if (this.busy()) return;
    this.busy.set(userId);
    // After a refusal the shown list may be outdated, so load it again.
    if (!(await this.failures.runWithToast(action))) void this.contacts.loadContacts();
    this.busy.set(null);
  }
}
