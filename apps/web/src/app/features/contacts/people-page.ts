import { CdkMenu, CdkMenuItem, CdkMenuTrigger } from '@angular/cdk/menu';
import { Component, computed, effect, inject, signal } from '@angular/core';
import type { ContactDto, PersonDto } from '@webcall/contracts';
import { CallSession } from '../../state/call/call-session';
import { Contacts } from '../../state/people/contacts';
import { ErrorTexts } from '../../core/text/errors';
import { I18n } from '../../core/text/i18n';
import { PresenceWords } from '../../state/people/presence-words';
import { CallEntry } from '../../flows/call-entry';
import { Avatar } from '../../ui/display/avatar';
import { Button } from '../../ui/forms/button';
import { Dialogs } from '../../ui/feedback/dialog';
import { EmptyState } from '../../ui/feedback/empty-state';
import { ErrorState } from '../../ui/feedback/error-state';
import { Field } from '../../ui/forms/field';
import { Icon } from '../../ui/display/icon';
import { PresenceDot } from '../../ui/display/presence-dot';
import { Row } from '../../ui/display/row';
import { Skeleton } from '../../ui/feedback/skeleton';
import { Toasts } from '../../ui/feedback/toasts';
import { Tooltip } from '../../ui/feedback/tooltip';
import { type PersonAction, PeopleList } from './people-list';
import { RingtoneDialog } from './ringtone-dialog';

const TYPING_PAUSE = 250;
/** Shorter beginnings of names find too many. */
const SHORTEST = 3;

/** Contacts, who wants to be one, and the way to find people. */
@Component({
  selector: 'wc-people-page',
  imports: [
    Avatar,
    Button,
    CdkMenu,
    CdkMenuItem,
    CdkMenuTrigger,
    EmptyState,
    ErrorState,
    Field,
    Icon,
    PeopleList,
    PresenceDot,
    Row,
    Skeleton,
    Tooltip,
  ],
  templateUrl: './people-page.html',
  styleUrl: './people-page.scss',
})
export class PeoplePage {
  private readonly dialogs = inject(Dialogs);
  private readonly toasts = inject(Toasts);
  private readonly call = inject(CallSession);
  protected readonly contacts = inject(Contacts);
  protected readonly entry = inject(CallEntry);
  protected readonly words = inject(PresenceWords);
  protected readonly errors = inject(ErrorTexts);
  protected readonly t = inject(I18n).t;

  protected readonly query = signal('');
  protected readonly found = signal<{ name: string; people: readonly PersonDto[] } | null>(null);
  protected readonly failure = signal<unknown>(null);
  protected readonly busy = signal<string | null>(null);
  protected readonly joining = computed(() => this.call.joining() !== null);
  private request = 0;

  protected readonly asked = computed(() => this.contacts.those('asked'));
  protected readonly mine = computed(() => this.contacts.those('contact'));
  /** Those who are not among the found, who can be asked no more there either. */
  protected readonly requestedBefore = computed(() => {
    const found = new Set(this.found()?.people.map(({ userId }) => userId));
    return this.contacts.those('requested').filter(({ userId }) => !found.has(userId));
  });
  protected readonly blocked = computed(() => this.contacts.those('blocked'));
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
  /** Nobody at all yet, and nobody searched for. */
  protected readonly lonely = computed(() => this.contacts.all().length === 0 && this.query().trim() === '');

  constructor() {
    effect((onCleanup) => {
      const name = this.query().trim();
      const timer = setTimeout(() => void this.search(name), TYPING_PAUSE);
      onCleanup(() => clearTimeout(timer));
    });
  }

  /** Only the answer to the newest request counts: they may arrive in another order. */
  protected async search(name = this.query().trim()): Promise<void> {
    const request = ++this.request;
    this.failure.set(null);
    if (name.length < SHORTEST) return this.found.set(null);
    try {
      const people = await this.contacts.find(name);
      if (request === this.request) this.found.set({ name, people });
    } catch (error) {
      if (request === this.request) this.failure.set(error);
    }
  }

  /** What is between the two by now: the list is newer than what was found. Null when one can ask them. */
  protected noteOf(person: PersonDto): string | null {
    const known = this.relationTo(person);
    return known === 'none' ? null : this.t().people.relation[known];
  }

  protected relationTo({ userId, relation }: PersonDto): PersonDto['relation'] {
    return this.contacts.get(userId)?.relation ?? (relation === 'contact' ? 'contact' : 'none');
  }

  protected ask(userId: string): Promise<void> {
    return this.attempt(userId, () => this.contacts.request(userId));
  }

  protected act({ userId, step }: { userId: string; step: PersonAction['step'] }): Promise<void> {
    return this.attempt(userId, () =>
      step === 'unblock' ? this.contacts.unblock(userId) : this.contacts.step(userId, step),
    );
  }

  protected async remove({ userId, name }: PersonDto): Promise<void> {
    const t = this.t().people;
    if (await this.sure(t.removeTitle(name), t.removeText, t.removeConfirm)) {
      await this.attempt(userId, () => this.contacts.remove(userId));
    }
  }

  protected async block({ userId, name }: PersonDto): Promise<void> {
    const t = this.t().people;
    if (await this.sure(t.blockTitle(name), t.blockText, t.block)) {
      await this.attempt(userId, () => this.contacts.block(userId));
    }
  }

  protected async chooseRingtone(contact: ContactDto): Promise<void> {
    await this.dialogs.open(RingtoneDialog, contact, this.t().reach.ringtoneOf(contact.name));
  }

  private sure(title: string, text: string, confirm: string): Promise<boolean> {
    return this.dialogs.ask({ title, text, confirm, cancel: this.t().common.cancel, danger: true });
  }

  private async attempt(userId: string, action: () => Promise<unknown>): Promise<void> {
    if (this.busy()) return;
    this.busy.set(userId);
    try {
      await action();
    } catch (error) {
      this.toasts.show(this.errors.of(error), 'bad');
      // What was shown is older than what the server knows.
      void this.contacts.load();
    } finally {
      this.busy.set(null);
    }
  }
}
