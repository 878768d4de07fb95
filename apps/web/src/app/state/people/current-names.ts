import { inject, Injectable, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { withPeopleNamed } from '@webcall/domain';
import { RealtimeClient } from '../../core/net/realtime-client';
import { Session } from '../../core/session/session';
import { MessageIntake, type PlainMessage } from '../chat/message-intake';

interface NamedPerson {
  userId: string;
  name: string;
}

/** The current names of people. Older messages and entries show these, not the names of their time. */
@Injectable({ providedIn: 'root' })
export class CurrentNames {
  private readonly session = inject(Session);
  private readonly known = signal<ReadonlyMap<string, string>>(new Map());
  /** Users whose name came by an event of this connection: an answer that was on its way then may be older. */
  private readonly namedByEvent = new Set<string>();

  constructor() {
    const realtime = inject(RealtimeClient);
    const on: RealtimeClient['observeEvents'] = (event) => realtime.observeEvents(event).pipe(takeUntilDestroyed());
    on('room:changed').subscribe(({ change }) => {
      if (change.type === 'member_joined' || change.type === 'member_changed') this.applyNameChange(change.member);
    });
    on('contact:changed').subscribe(({ contact }) => contact.relation !== 'none' && this.applyNameChange(contact));
    inject(MessageIntake)
      .posted.pipe(takeUntilDestroyed())
      .subscribe((message) => this.learnAuthorNames([message]));
    realtime.connected.pipe(takeUntilDestroyed()).subscribe(() => this.namedByEvent.clear());
  }

  /** @returns the current name of a user, or `fallback` if nothing newer is known */
  currentNameOf(userId: string | null, fallback: string): string {
    return (userId && this.known().get(userId)) || fallback;
  }

  /** Learns the names of authors from messages in an answer of the server. */
  learnAuthorNames(authors: readonly Pick<PlainMessage, 'authorId' | 'authorName'>[]): void {
    const people = authors.flatMap(({ authorId: userId, authorName: name }) =>
      userId !== null && name !== null && !this.namedByEvent.has(userId) ? [{ userId, name }] : [],
    );
    this.storeNames(people);
  }

  /** @returns the message with all current names; the same object if it has them already */
  withNewestNames<M extends PlainMessage>(message: M): M {
    const { authorId, authorName, content } = message;
    const author = authorName && this.currentNameOf(authorId, authorName);
    const named = withPeopleNamed(content, ({ userId, name }) => this.currentNameOf(userId, name));
    // Names change; the kind of content, by which `M` may differ, stays.
    return author === authorName && named === content ? message : { ...message, authorName: author, content: named };
  }

  private applyNameChange({ userId, name }: NamedPerson): void {
    this.namedByEvent.add(userId);
    this.storeNames([{ userId, name }]);
    const user = this.session.user();
    if (user?.id === userId && user.username !== name) this.session.updateSignedInUser({ ...user, username: name });
  }

  private storeNames(people: readonly NamedPerson[]): void {
    const news = people.filter(({ userId, name }) => this.known().get(userId) !== name);
    if (news.length === 0) return;
    this.known.update((known) => new Map([...known, ...news.map(({ userId, name }) => [userId, name] as const)]));
  }
}
