import { Component, computed, inject, signal } from '@angular/core';
import type { PersonDto } from '@webcall/contracts';
import { toCanonicalName } from '@webcall/domain';
import { QueryLoader } from '../../core/net/query-loader';
import { I18n } from '../../core/text/i18n';
import { ContactSteps } from '../../flows/contact-steps';
import { Contacts } from '../../state/people/contacts';
import { PresenceTexts } from '../../state/people/presence-texts';
import { Avatar } from '../../ui/display/avatar';
import { Icon } from '../../ui/display/icon';
import { PresenceDot } from '../../ui/display/presence-dot';
import { Row } from '../../ui/display/row';
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
  protected readonly steps = inject(ContactSteps);
  protected readonly contacts = inject(Contacts);
  protected readonly words = inject(PresenceTexts);
  protected readonly t = inject(I18n).t;

  protected readonly query = signal('');
  protected readonly search = new QueryLoader<readonly PersonDto[] | null>(
    () => toCanonicalName(this.query()),
    (name) => (name.length < MIN_QUERY_LENGTH ? Promise.resolve(null) : this.contacts.searchUsersByName(name)),
  );

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
}
