import { computed, effect, inject, Injectable, untracked } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import {
  type ContactDto,
  type PersonCardDto,
  type PersonDto,
  type PresenceDto,
  PROTOCOL_LIMITS,
  type Ringtone,
} from '@webcall/contracts';
import type { Relation } from '@webcall/domain';
import { ApiClient } from '../../core/net/api-client';
import { RealtimeClient } from '../../core/net/realtime-client';
import { SyncedCollection } from '../../core/net/synced-collection';
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
  /** A user who is renamed while pages are loaded may be on none, but has an event. */
  private readonly people = new SyncedCollection<ContactDto>(
    async (cursor) => {
      const query = { cursor, limit: PROTOCOL_LIMITS.page.max };
      const { contacts, next } = await this.api.sendRequest('GET /contacts', { query });
      return { items: contacts, next };
    },
    ({ userId }) => userId,
  );
  /** Guests have no contacts. */
  private readonly userId = computed(() => (this.session.user()?.guest ? '' : (this.session.user()?.id ?? '')));

  readonly state = this.people.state;
  /** Why `state` is `error`. */
  readonly error = this.people.error;
  /** Everybody by name. */
  readonly all = computed(() => [...this.people.items().values()].sort((a, b) => a.name.localeCompare(b.name)));
  /** How many requests wait for the user's answer. */
  readonly waiting = computed(() => this.contactsByRelation('asked').length);

  constructor() {
    const realtime = inject(RealtimeClient);
    effect(() => {
      if (realtime.loadRound()) untracked(() => void this.loadContacts());
    });
    realtime
      .observeEvents('contact:changed')
      .pipe(takeUntilDestroyed())
      .subscribe(({ contact }) => this.applyContactUpdate(contact));
    realtime
      .observeEvents('presence:changed')
      .pipe(takeUntilDestroyed())
      .subscribe((presence) => this.applyPresence(presence));
  }

  /** The people with this relation to the user, by name. */
  contactsByRelation(relation: Relation): readonly ContactDto[] {
    return this.all().filter((contact) => contact.relation === relation);
  }

  findRelatedUser(userId: string | null): ContactDto | undefined {
    return userId === null ? undefined : this.people.items().get(userId);
  }

  /** The contact with this id; only the presence of contacts is known. */
  findContact(userId: string | null): ContactDto | undefined {
    const known = this.findRelatedUser(userId);
    return known?.relation === 'contact' ? known : undefined;
  }

  /** @returns whether the user has blocked this one; nobody learns who has blocked them */
  hasBlocked(userId: string | null): boolean {
    return this.findRelatedUser(userId)?.relation === 'blocked';
  }

  /** Loads the list from the server; guests have none. */
  loadContacts(): Promise<void> {
    return this.userId() ? this.people.loadItems() : Promise.resolve();
  }

  /** @returns users whose name equals or begins with the text */
  searchUsersByName(name: string): Promise<PersonDto[]> {
    return this.api.sendRequest('GET /users', { query: { name } });
  }

  /** What one may know of a user and do with them. */
  loadPerson(userId: string): Promise<PersonCardDto> {
    return this.api.sendRequest('GET /users/:userId', { userId });
  }

  async sendContactRequest(userId: string): Promise<ContactDto> {
    return this.storeContact(() => this.api.sendRequest('POST /contacts', { body: { userId } }));
  }

  async sendContactStep(userId: string, step: ContactStep): Promise<void> {
    if (step === 'accept') {
      await this.storeContact(() => this.api.sendRequest('POST /contacts/:userId/accept', { userId }));
    } else {
      await this.api.sendRequest(`POST /contacts/:userId/${step}`, { userId });
      this.applyContactRemoval(userId);
    }
  }

  async removeFromContacts(userId: string): Promise<void> {
    await this.api.sendRequest('DELETE /contacts/:userId', { userId });
    this.applyContactRemoval(userId);
  }

  async blockPerson(userId: string): Promise<void> {
    await this.storeContact(() => this.api.sendRequest('PUT /contacts/:userId/block', { userId }));
  }

  async unblockPerson(userId: string): Promise<void> {
    await this.api.sendRequest('DELETE /contacts/:userId/block', { userId });
    // They may have sent a request in the meantime, whose event may have come first.
    if (this.hasBlocked(userId)) this.applyContactRemoval(userId);
  }

  async setContactRingtone(userId: string, ringtone: Ringtone | null): Promise<void> {
    const request = { userId, body: { ringtone } };
    await this.storeContact(() => this.api.sendRequest('PATCH /contacts/:userId', request));
  }

  /** Opens the direct room with a contact, or with a member of the same room. @returns its id */
  async openDirectRoom(userId: string): Promise<string> {
    const room = await this.rooms.storeRoom(() => this.api.sendRequest('POST /contacts/:userId/room', { userId }));
    return room.id;
  }

  private async storeContact(request: () => Promise<ContactDto>): Promise<ContactDto> {
    const contact = await this.people.storeAnswer(request, (answer) => answer);
    // The other user may have taken the step back already.
    if (contact.relation === 'none') this.applyContactRemoval(contact.userId);
    return contact;
  }

  private applyContactUpdate(contact: ContactDto): void {
    this.people.changeItem(contact.userId, () => (contact.relation === 'none' ? undefined : contact));
  }

  private applyContactRemoval(userId: string): void {
    this.people.changeItem(userId, () => undefined);
  }

  private applyPresence({ userId, presence, lastSeenAt }: PresenceDto): void {
    this.people.changeItem(
      userId,
      (contact) => contact && (contact.relation === 'contact' ? { ...contact, presence, lastSeenAt } : contact),
    );
  }
}
