import { Injectable, computed, effect, inject, signal, untracked } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { type CallChangedEvent, LIMITS, type RoomChangedEvent, type RoomDto, type RoomsDto } from '@webcall/contracts';
import { ApiClient } from '../../core/net/api-client';
import { Loader } from '../../core/net/loader';
import { Names } from '../people/names';
import { RealtimeClient } from '../../core/net/realtime-client';
import { type Patched, byActivity, callChanged, changed, edited, posted, read } from './room-patches';
import { Session } from '../../core/session/session';

type Change = (room: RoomDto) => Patched;

/** What changes how many are in a call. */
const COUNTED: ReadonlySet<CallChangedEvent['change']['type']> = new Set(['joined', 'left', 'ended']);

/**
 * The user's rooms, kept up to date by events. They are loaded page after page, the latest activity first, and shown from
 * the first page on. Nothing is lost on the way: a room that something happens in moves to the front, where no later page
 * has it, but the event that tells of it finds it in the list or has the list asked for again; and what was told while a
 * page was on its way is told to that page too.
 */
@Injectable({ providedIn: 'root' })
export class RoomList {
  private readonly api = inject(ApiClient);
  private readonly realtime = inject(RealtimeClient);
  private readonly session = inject(Session);
  private readonly names = inject(Names);
  private readonly all = signal<readonly RoomDto[]>([]);
  private readonly loader = new Loader(() => this.fetch());
  private readonly userId = computed(() => this.session.user()?.id ?? '');
  private readonly callVersions = new Map<string, number>();
  /** Changes that came while the list was on its way: its pages may or may not have them. */
  private meanwhile: [roomId: string, change: Change][] = [];
  /** Rooms of which something was told while the list was on its way: they are there, whatever the pages had. */
  private readonly told = new Set<string>();
  /** Those of them that were not known then. */
  private readonly missing = new Set<string>();
  /** Rooms that have changed, since the last page was asked for, in a way that cannot be taken in twice. */
  private readonly unsure = new Set<string>();

  /** The most recently active first. */
  readonly rooms = computed<readonly RoomDto[]>(() =>
    this.all()
      .map((room) => this.named(room))
      .sort(byActivity),
  );
  readonly state = this.loader.state;
  /** Why `state` is `error`. */
  readonly error = this.loader.error;
  readonly unread = computed(() => this.all().reduce((sum, room) => sum + room.unread, 0));

  constructor() {
    effect(() => {
      if (this.userId()) untracked(() => void this.load());
    });
    const on: RealtimeClient['on'] = (event) => this.realtime.on(event).pipe(takeUntilDestroyed());
    on('chat:posted').subscribe((message) =>
      this.patch(message.roomId, (room) => posted(room, message, this.userId())),
    );
    on('chat:changed').subscribe((message) => this.patch(message.roomId, (room) => edited(room, message)));
    on('chat:read').subscribe(({ roomId, userId, seq }) => {
      if (userId === this.userId()) this.patch(roomId, (room) => read(room, seq));
    });
    on('room:changed').subscribe((event) => this.onRoom(event));
    on('call:changed').subscribe((event) => this.onCall(event));
    this.realtime.connected.pipe(takeUntilDestroyed()).subscribe(() => void this.load());
  }

  /** Asks the server for the list. */
  load(): Promise<void> {
    return this.loader.load();
  }

  /** Takes in a room that the user has just made, joined or changed. */
  put(room: RoomDto): void {
    this.meanwhile = this.meanwhile.filter(([roomId]) => roomId !== room.id);
    this.unsure.add(room.id);
    this.set(room);
  }

  /** Takes in a room that the user looks at, which may be far down in a list that is on its way. */
  know(room: RoomDto): void {
    if (!this.has(room.id)) this.set(room);
  }

  /** Drops a room that the user has just left or deleted. */
  remove(roomId: string): void {
    this.change(roomId, () => null);
  }

  private async fetch(): Promise<void> {
    this.meanwhile = [];
    this.told.clear();
    this.missing.clear();
    const listed = new Set<string>();
    let cursor: string | null = null;
    do {
      const { rooms, next }: RoomsDto = await this.page(cursor);
      this.names.learn(rooms.flatMap(({ lastMessage }) => lastMessage ?? []));
      for (const { id } of rooms) listed.add(id);
      const fresh = new Set(rooms.map(({ id }) => id));
      this.all.update((all) => [...all.filter(({ id }) => !fresh.has(id)), ...rooms]);
      for (const [roomId, change] of this.meanwhile) if (fresh.has(roomId)) this.apply(roomId, change);
      this.loader.begun();
      cursor = next;
    } while (cursor !== null);
    this.all.update((all) => all.filter(({ id }) => listed.has(id) || this.told.has(id)));
    if ([...this.missing].some((roomId) => !this.has(roomId))) this.loader.doubt();
  }

  /** Members and participants cannot be counted twice: a page is asked for again when some came or went meanwhile. */
  private async page(cursor: string | null): Promise<RoomsDto> {
    for (;;) {
      this.unsure.clear();
      const page = await this.api.get<RoomsDto>('/rooms', { cursor, limit: LIMITS.page.max });
      if (!page.rooms.some(({ id }) => this.unsure.has(id))) return page;
    }
  }

  private onRoom({ roomId, change }: RoomChangedEvent): void {
    const isMine = 'member' in change && change.member.userId === this.userId();
    if (change.type === 'member_joined' && isMine && !this.has(roomId)) return void this.load();
    const apply: Change = (room) => changed(room, change, this.userId());
    const counts =
      change.type === 'member_joined' || (change.type === 'member_left' && change.userId !== this.userId());
    if (!counts) return this.change(roomId, apply);
    this.unsure.add(roomId);
    this.apply(roomId, apply);
  }

  private onCall(event: CallChangedEvent): void {
    const known = this.callVersions.get(event.callId) ?? 0;
    if (event.version <= known) return;
    this.callVersions.set(event.callId, event.version);
    if (COUNTED.has(event.change.type)) this.unsure.add(event.roomId);
    this.apply(event.roomId, (room) => (event.version > known + 1 ? 'reload' : callChanged(room, event)));
  }

  /** For what happens in the chat of a room: one that is not known has come to the front of the list. */
  private patch(roomId: string, change: Change): void {
    this.change(roomId, change);
    if (this.has(roomId)) return;
    if (this.loader.loading) this.missing.add(roomId);
    else void this.load();
  }

  /** For changes that may be made twice without harm. */
  private change(roomId: string, change: Change): void {
    if (this.loader.loading) this.meanwhile.push([roomId, change]);
    this.apply(roomId, change);
  }

  private apply(roomId: string, change: Change): void {
    const room = this.all().find(({ id }) => id === roomId);
    if (!room) return;
    const next = change(room);
    if (next === 'reload') void this.load();
    else if (next === null) this.all.update((all) => all.filter(({ id }) => id !== roomId));
    else if (next !== room) this.set(next);
  }

  private set(room: RoomDto): void {
    this.told.add(room.id);
    this.all.update((all) => [...all.filter(({ id }) => id !== room.id), room]);
  }

  /** The last message may be older than its author's name. */
  private named(room: RoomDto): RoomDto {
    const { authorId = null, authorName = null } = room.lastMessage ?? {};
    const name = authorName && this.names.of(authorId, authorName);
    if (!room.lastMessage || name === authorName) return room;
    return { ...room, lastMessage: { ...room.lastMessage, authorName: name } };
  }

  private has(roomId: string): boolean {
    return this.all().some(({ id }) => id === roomId);
  }
}
