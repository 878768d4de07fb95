import { Injectable, computed, effect, inject, signal, untracked } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import type {
  ChangeContactDto,
  ContactDto,
  PersonDto,
  PresenceDto,
  RequestContactDto,
  Ringtone,
  RoomDto,
} from '@webcall/contracts';
import type { Relation } from '@webcall/domain';
import { ApiClient } from './api-client';
import { Loader } from './loader';
import { RealtimeClient } from './realtime-client';
import { RoomList } from './room-list';
import { Session } from './session';

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
  /** Who came or went while the list was on its way: it may or may not tell. */
  private meanwhile: PresenceDto[] = [];

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
      .subscribe(({ contact }) => {
        this.loader.doubt();
        this.put(contact);
      });
    realtime
      .on('presence:changed')
      .pipe(takeUntilDestroyed())
      .subscribe((presence) => {
        if (this.loader.loading) this.meanwhile.push(presence);
        this.see(presence);
      });
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
    return this.put(await this.api.post<ContactDto>('/contacts', body));
  }

  async step(userId: string, step: ContactStep): Promise<void> {
    const contact = await this.api.post<ContactDto | void>(`/contacts/${userId}/${step}`);
    if (contact) this.put(contact);
    else this.drop(userId);
  }

  async remove(userId: string): Promise<void> {
    await this.api.delete(`/contacts/${userId}`);
    this.drop(userId);
  }

  async block(userId: string): Promise<void> {
    this.put(await this.api.put<ContactDto>(`/contacts/${userId}/block`));
  }

  async unblock(userId: string): Promise<void> {
    await this.api.delete(`/contacts/${userId}/block`);
    // They may have asked in the meantime, and the event that tells it may have been faster.
    if (this.get(userId)?.relation === 'blocked') this.drop(userId);
  }

  async setRingtone(userId: string, ringtone: Ringtone | null): Promise<void> {
    const body: ChangeContactDto = { ringtone };
    this.put(await this.api.patch<ContactDto>(`/contacts/${userId}`, body));
  }

  /** Opens the direct room with a contact. @returns its id */
  async openRoom(userId: string): Promise<string> {
    const room = await this.api.post<RoomDto>(`/contacts/${userId}/room`);
    this.rooms.put(room);
    return room.id;
  }

  private async fetch(): Promise<void> {
    this.meanwhile = [];
    const contacts = await this.api.get<ContactDto[]>('/contacts');
    this.people.set(new Map(contacts.map((contact) => [contact.userId, contact])));
    this.meanwhile.splice(0).forEach((presence) => this.see(presence));
  }

  private put(contact: ContactDto): ContactDto {
    if (contact.relation === 'none') this.drop(contact.userId);
    else this.people.update((all) => new Map(all).set(contact.userId, contact));
    return contact;
  }

  private drop(userId: string): void {
    this.people.update((all) => new Map([...all].filter(([id]) => id !== userId)));
  }

  private see({ userId, presence, lastSeenAt }: PresenceDto): void {
    const contact = this.contact(userId);
    if (contact) this.put({ ...contact, presence, lastSeenAt });
  }
}
