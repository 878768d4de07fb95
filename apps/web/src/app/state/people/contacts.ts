import { computed, effect, inject, Injectable, signal, untracked } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import {
  type ChangeContactDto,
  type ContactDto,
  type ContactsDto,
  type PersonDto,
  type PresenceDto,
  PROTOCOL_LIMITS,
  type RequestContactDto,
  type Ringtone,
  type RoomDto,
} from '@webcall/contracts';
import type { Relation } from '@webcall/domain';
import { ApiClient } from '../../core/net/api-client';
import { RealtimeClient } from '../../core/net/realtime-client';
import { SnapshotLoader } from '../../core/net/snapshot-loader';
import { Session } from '../../core/session/session';
import { RoomList } from '../rooms/room-list';

/** Steps that are a POST to the contact. */
export type ContactStep = 'accept' | 'decline' | 'withdraw';

/** The user's contacts, open requests and blocked users, and the presence of the contacts. */
@Injectable({ providedIn: 'root' })
export class Contacts {
  private readonly api = inject(ApiClient);
  private readonly rooms = inject(RoomList);
  private readonly session = inject(Session);
  private readonly people = signal<ReadonlyMap<string, ContactDto>>(new Map());
  private readonly loader = new SnapshotLoader(() => this.fetchAllContacts());
  /** Guests have no contacts. */
  private readonly userId = computed(() => (this.session.user()?.guest ? '' : (this.session.user()?.id ?? '')));
  /** Changes per user that came while the list was loading: its pages may or may not include them. */
  private meanwhile: [userId: string, change: () => void][] = [];

  readonly state = this.loader.state;
  /** Why `state` is `error`. */
  readonly error = this.loader.error;
  /** Everybody by name. */
  readonly all = computed(() => [...this.people().values()].sort((a, b) => a.name.localeCompare(b.name)));
  /** How many requests wait for the user's answer. */
  readonly waiting = computed(() => this.contactsByRelation('asked').length);

  constructor() {
    const realtime = inject(RealtimeClient);
    effect(() => {
      if (this.userId()) untracked(() => void this.loadContacts());
    });
    realtime.connected.pipe(takeUntilDestroyed()).subscribe(() => void this.loadContacts());
    realtime
      .observeEvents('contact:changed')
      .pipe(takeUntilDestroyed())
      .subscribe(({ contact }) => this.applyContactUpdate(contact));
    realtime
      .observeEvents('presence:changed')
      .pipe(takeUntilDestroyed())
      .subscribe((presence) => this.applyContactChange(presence.userId, () => this.applyPresence(presence)));
  }

  /** The people with this relation to the user, by name. */
  contactsByRelation(relation: Relation): readonly ContactDto[] {
    return this.all().filter((contact) => contact.relation === relation);
  }

  findRelatedUser(userId: string | null): ContactDto | undefined {
    return userId === null ? undefined : this.people().get(userId);
  }

  /** The contact with this id; only the presence of contacts is known. */
  findContact(userId: string | null): ContactDto | undefined {
    const known = this.findRelatedUser(userId);
    return known?.relation === 'contact' ? known : undefined;
  }

  /** Loads the list from the server; guests have none. */
  loadContacts(): Promise<void> {
    return this.userId() ? this.loader.loadSnapshot() : Promise.resolve();
  }

  /** @returns users whose name equals or begins with the text */
  searchUsersByName(name: string): Promise<PersonDto[]> {
    return this.api.get<PersonDto[]>('/users', { name });
  }

  async sendContactRequest(userId: string): Promise<ContactDto> {
    const body: RequestContactDto = { userId };
    return this.applyContactUpdate(await this.api.post<ContactDto>('/contacts', body));
  }

  async sendContactStep(userId: string, step: ContactStep): Promise<void> {
    const contact = await this.api.post<ContactDto | void>(`/contacts/${userId}/${step}`);
    if (contact) this.applyContactUpdate(contact);
    else this.applyContactRemoval(userId);
  }

  async removeFromContacts(userId: string): Promise<void> {
    await this.api.delete(`/contacts/${userId}`);
    this.applyContactRemoval(userId);
  }

  async blockPerson(userId: string): Promise<void> {
    this.applyContactUpdate(await this.api.put<ContactDto>(`/contacts/${userId}/block`));
  }

  async unblockPerson(userId: string): Promise<void> {
    await this.api.delete(`/contacts/${userId}/block`);
    // They may have sent a request in the meantime, whose event may have come first.
    if (this.findRelatedUser(userId)?.relation === 'blocked') this.applyContactRemoval(userId);
  }

  async setContactRingtone(userId: string, ringtone: Ringtone | null): Promise<void> {
    const body: ChangeContactDto = { ringtone };
    this.applyContactUpdate(await this.api.patch<ContactDto>(`/contacts/${userId}`, body));
  }

  /** Opens the direct room with a contact. @returns its id */
  async openRoomWithContact(userId: string): Promise<string> {
    const room = await this.api.post<RoomDto>(`/contacts/${userId}/room`);
    this.rooms.addOrReplaceRoom(room);
    return room.id;
  }

  /**
   * Fetches everybody, page after page. A user who is renamed meanwhile may be on no page, but has an event: neither a
   * page nor the cleanup at the end undoes changes by events.
   */
  private async fetchAllContacts(): Promise<void> {
    this.meanwhile = [];
    const listed = new Set<string>();
    let cursor: string | null = null;
    do {
      const { contacts, next }: ContactsDto = await this.fetchContactPage(cursor);
      this.people.update((all) => new Map([...all, ...contacts.map((contact) => [contact.userId, contact] as const)]));
      for (const { userId } of contacts) listed.add(userId);
      for (const [, change] of this.meanwhile) change();
      this.loader.markPartlyLoaded();
      cursor = next;
    } while (cursor !== null);
    for (const [userId] of this.meanwhile.splice(0)) listed.add(userId);
    this.people.update((all) => new Map([...all].filter(([userId]) => listed.has(userId))));
  }

  private fetchContactPage(cursor: string | null): Promise<ContactsDto> {
    return this.api.get<ContactsDto>('/contacts', { cursor, limit: PROTOCOL_LIMITS.page.max });
  }

  /** Applies a change, and once more after each page that is on its way. */
  private applyContactChange(userId: string, change: () => void): void {
    if (this.loader.isLoading) this.meanwhile.push([userId, change]);
    change();
  }

  private applyContactUpdate(contact: ContactDto): ContactDto {
    this.applyContactChange(contact.userId, () => this.storeContact(contact));
    return contact;
  }

  private applyContactRemoval(userId: string): void {
    this.applyContactChange(userId, () => this.discardContact(userId));
  }

  private storeContact(contact: ContactDto): void {
    if (contact.relation === 'none') this.discardContact(contact.userId);
    else this.people.update((all) => new Map(all).set(contact.userId, contact));
  }

  private discardContact(userId: string): void {
    this.people.update((all) => new Map([...all].filter(([id]) => id !== userId)));
  }

  private applyPresence({ userId, presence, lastSeenAt }: PresenceDto): void {
    const contact = this.findContact(userId);
    if (contact) this.storeContact({ ...contact, presence, lastSeenAt });
  }
}
