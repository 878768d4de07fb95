import { inject, Injectable, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import type { MessageDto } from '@webcall/contracts';
import { RealtimeClient } from '../../core/net/realtime-client';
import { Session } from '../../core/session/session';

interface Named {
  userId: string;
  name: string;
}

/** What people are called now. Whatever they wrote or did before shows under this name, not under that of its time. */
@Injectable({ providedIn: 'root' })
export class Names {
  private readonly session = inject(Session);
  private readonly known = signal<ReadonlyMap<string, string>>(new Map());
  /** Whose name an event has told since the connection began: an answer that was on its way then may be older. */
  private readonly told = new Set<string>();

  constructor() {
    const realtime = inject(RealtimeClient);
    const on: RealtimeClient['on'] = (event) => realtime.on(event).pipe(takeUntilDestroyed());
    on('room:changed').subscribe(({ change }) => {
      if (change.type === 'member_joined' || change.type === 'member_changed') this.tell(change.member);
    });
    on('contact:changed').subscribe(({ contact }) => contact.relation !== 'none' && this.tell(contact));
    on('chat:posted').subscribe((message) => this.learn([message]));
    realtime.connected.pipe(takeUntilDestroyed()).subscribe(() => this.told.clear());
  }

  /** @returns what somebody is called, and what was said if nothing newer is known */
  of(userId: string | null, said: string): string {
    return (userId && this.known().get(userId)) || said;
  }

  /** Takes in who has written messages that the server has answered. */
  learn(authors: readonly Pick<MessageDto, 'authorId' | 'authorName'>[]): void {
    const heard = authors.flatMap(({ authorId: userId, authorName: name }) =>
      userId !== null && name !== null && !this.told.has(userId) ? [{ userId, name }] : [],
    );
    this.put(heard);
  }

  /** @returns the message with all names as they are now; itself when it has them already */
  message(message: MessageDto): MessageDto {
    const { authorId, authorName, content } = message;
    const author = authorName && this.of(authorId, authorName);
    const known = this.known();
    const renamed = <P extends Named>(people: P[]): P[] =>
      people.some(({ userId, name }) => (known.get(userId) ?? name) !== name)
        ? people.map((person) => ({ ...person, name: this.of(person.userId, person.name) }))
        : people;
    if (content.type === 'call') {
      const people = renamed(content.people);
      if (people !== content.people) return { ...message, authorName: author, content: { ...content, people } };
    }
    if (content.type === 'ring') {
      const callees = renamed(content.callees);
      if (callees !== content.callees) return { ...message, authorName: author, content: { ...content, callees } };
    }
    return author === authorName ? message : { ...message, authorName: author };
  }

  private tell({ userId, name }: Named): void {
    this.told.add(userId);
    this.put([{ userId, name }]);
    const user = this.session.user();
    if (user?.id === userId && user.username !== name) this.session.change({ ...user, username: name });
  }

  private put(people: readonly Named[]): void {
    const news = people.filter(({ userId, name }) => this.known().get(userId) !== name);
    if (news.length === 0) return;
    this.known.update((known) => new Map([...known, ...news.map(({ userId, name }) => [userId, name] as const)]));
  }
}
