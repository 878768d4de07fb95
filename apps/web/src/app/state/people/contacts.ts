import { Injectable, computed, effect, inject, signal, untracked } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import {
  type ChangeContactDto,
  type ContactDto,
  type ContactsDto,
  LIMITS,
  type PersonDto,
  type PresenceDto,
  type RequestContactDto,
  type Ringtone,
  type RoomDto,
} from '@webcall/contracts';
import type { Relation } from '@webcall/domain';
import { ApiClient } from '../../core/net/api-client';
import { Loader } from '../../core/net/loader';
import { RealtimeClient } from '../../core/net/realtime-client';
import { RoomList } from '../rooms/room-list';
import { Session } from '../../core/session/session';

/** Steps that are a POST to the contact. */
export type ContactStep = 'accept' | 'decline' | 'withdraw';

/** The people whom the user has asked, who ask, who are contacts, or whom they have blocked; and where contacts are. */
@Injectable({ providedIn: 'root' })
export class Contacts {
  private readonly api = inject(ApiClient);
  private readonly rooms = inject(RoomList);
  private readonly session = inject(Session);
  private readonly people = signal<ReadonlyMap<string, ContactDto>>(new Map());
  private readonly loader = new Loader(() => this.fetch());
  /** Guests have no contacts. */
  private readonly userId = computed(() => (this.session.user()?.guest ? '' : (this.session.user()?.id ?? '')));
  /** What happened to whom while the list was on its way: its pages may or may not tell. */
  private meanwhile: [userId: string, change: () => void][] = [];

  readonly state = this.loader.state;
  /** Why `state` is `error`. */
  readonly error = this.loader.error;
  /** Everybody by name. */
  readonly all = computed(() => [...this.people().values()].sort((a, b) => a.name.localeCompare(b.name)));
  /** How many wait for an answer. */
  readonly waiting = computed(() => this.those('asked').length);

  constructor() {
    const realtime = inject(RealtimeClient);
    effect(() => {
      if (this.userId()) untracked(() => void this.load());
    });
    realtime.connected.pipe(takeUntilDestroyed()).subscribe(() => void this.load());
    realtime
      .on('contact:changed')
      .pipe(takeUntilDestroyed())
      .subscribe(({ contact }) => this.take(contact));
    realtime
      .on('presence:changed')
      .pipe(takeUntilDestroyed())
      .subscribe((presence) => this.change(presence.userId, () => this.see(presence)));
  }

  /** Those who stand like this to the user, by name. */
  those(relation: Relation): readonly ContactDto[] {
    return this.all().filter((contact) => contact.relation === relation);
  }

  get(userId: string | null): ContactDto | undefined {
    return userId === null ? undefined : this.people().get(userId);
  }

  /** The contact with this id: nobody else's presence is known. */
  contact(userId: string | null): ContactDto | undefined {
    const known = this.get(userId);
    return known?.relation === 'contact' ? known : undefined;
  }

  /** Asks the server for the list. */
  load(): Promise<void> {
    return this.userId() ? this.loader.load() : Promise.resolve();
  }

  /** @returns users whose name is, or begins with, what was written */
  find(name: string): Promise<PersonDto[]> {
    return this.api.get<PersonDto[]>('/users', { name });
  }

  async request(userId: string): Promise<ContactDto> {
    const body: RequestContactDto = { userId };
    return this.take(await this.api.post<ContactDto>('/contacts', body));
  }

  async step(userId: string, step: ContactStep): Promise<void> {
    const contact = await this.api.post<ContactDto | void>(`/contacts/${userId}/${step}`);
    if (contact) this.take(contact);
    else this.lose(userId);
  }

  async remove(userId: string): Promise<void> {
    await this.api.delete(`/contacts/${userId}`);
    this.lose(userId);
  }

  async block(userId: string): Promise<void> {
    this.take(await this.api.put<ContactDto>(`/contacts/${userId}/block`));
  }

  async unblock(userId: string): Promise<void> {
    await this.api.delete(`/contacts/${userId}/block`);
    // They may have asked in the meantime, and the event that tells it may have been faster.
    if (this.get(userId)?.relation === 'blocked') this.lose(userId);
  }

  async setRingtone(userId: string, ringtone: Ringtone | null): Promise<void> {
    const body: ChangeContactDto = { ringtone };
    this.take(await this.api.patch<ContactDto>(`/contacts/${userId}`, body));
  }

  /** Opens the direct room with a contact. @returns its id */
  async openRoom(userId: string): Promise<string> {
    const room = await this.api.post<RoomDto>(`/contacts/${userId}/room`);
    this.rooms.put(room);
    return room.id;
  }

  /**
   * Everybody, page after page. Who gets another name meanwhile may be on no page: an event tells of them, and what events
   * told is not undone by a page, nor by the end of the list.
   */
  private async fetch(): Promise<void> {
    this.meanwhile = [];
    const listed = new Set<string>();
    let cursor: string | null = null;
    do {
      const { contacts, next }: ContactsDto = await this.page(cursor);
      this.people.update((all) => new Map([...all, ...contacts.map((contact) => [contact.userId, contact] as const)]));
      for (const { userId } of contacts) listed.add(userId);
      for (const [, change] of this.meanwhile) change();
      this.loader.begun();
      cursor = next;
    } while (cursor !== null);
    for (const [userId] of this.meanwhile.splice(0)) listed.add(userId);
    this.people.update((all) => new Map([...all].filter(([userId]) => listed.has(userId))));
  }

  private page(cursor: string | null): Promise<ContactsDto> {
    return this.api.get<ContactsDto>('/contacts', { cursor, limit: LIMITS.page.max });
  }

  /** Makes a change, and once more after each page that is on its way. */
  private change(userId: string, change: () => void): void {
    if (this.loader.loading) this.meanwhile.push([userId, change]);
    change();
  }

  private take(contact: ContactDto): ContactDto {
    this.change(contact.userId, () => this.put(contact));
    return contact;
  }

  private lose(userId: string): void {
    this.change(userId, () => this.drop(userId));
  }

  private put(contact: ContactDto): void {
    if (contact.relation === 'none') this.drop(contact.userId);
    else this.people.update((all) => new Map(all).set(contact.userId, contact));
  }

  private drop(userId: string): void {
    this.people.update((all) => new Map([...all].filter(([id]) => id !== userId)));
  }

  private see({ userId, presence, lastSeenAt }: PresenceDto): void {
    const contact = this.contact(userId);
    if (contact) this.put({ ...contact, presence, lastSeenAt });
  }
}
