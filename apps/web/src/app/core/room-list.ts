import { Injectable, computed, effect, inject, signal, untracked } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import type { CallChangedEvent, RoomChangedEvent, RoomDto } from '@webcall/contracts';
import { ApiClient } from './api-client';
import { Loader } from './loader';
import { Names } from './names';
import { RealtimeClient } from './realtime-client';
import { type Patched, byActivity, callChanged, changed, edited, posted, read } from './room-patches';
import { Session } from './session';

type Change = (room: RoomDto) => Patched;

/** The user's rooms, kept up to date by events. */
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
  /** Changes that came while the list was on its way: it may or may not have them. */
  private meanwhile: [roomId: string, change: Change][] = [];

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
    this.all.update((all) => [...all.filter(({ id }) => id !== room.id), room]);
  }

  /** Drops a room that the user has just left or deleted. */
  remove(roomId: string): void {
    this.all.update((all) => all.filter(({ id }) => id !== roomId));
  }

  private async fetch(): Promise<void> {
    this.meanwhile = [];
    const rooms = await this.api.get<RoomDto[]>('/rooms');
    this.names.learn(rooms.flatMap(({ lastMessage }) => lastMessage ?? []));
    this.all.set(rooms);
    for (const [roomId, change] of this.meanwhile.splice(0)) this.apply(roomId, change);
  }

  private onRoom({ roomId, change }: RoomChangedEvent): void {
    // A joined or left member cannot be counted twice, so a list that is on its way is asked for once more.
    if (change.type.startsWith('member_')) this.loader.doubt();
    const isNew = change.type === 'member_joined' && change.member.userId === this.userId();
    if (isNew && !this.has(roomId)) void this.load();
    else this.apply(roomId, (room) => changed(room, change, this.userId()));
  }

  private onCall(event: CallChangedEvent): void {
    const known = this.callVersions.get(event.callId) ?? 0;
    if (event.version <= known) return;
    this.callVersions.set(event.callId, event.version);
    this.loader.doubt();
    this.apply(event.roomId, (room) => (event.version > known + 1 ? 'reload' : callChanged(room, event)));
  }

  /** For changes that may be made twice without harm. */
  private patch(roomId: string, change: Change): void {
    if (this.loader.loading) this.meanwhile.push([roomId, change]);
    if (this.has(roomId)) this.apply(roomId, change);
    else if (!this.loader.loading) void this.load();
  }

  private apply(roomId: string, change: Change): void {
    const room = this.all().find(({ id }) => id === roomId);
    if (!room) return;
    const next = change(room);
    if (next === 'reload') void this.load();
    else if (next === null) this.remove(roomId);
    else if (next !== room) this.put(next);
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
