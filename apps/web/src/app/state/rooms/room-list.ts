import { computed, effect, inject, Injectable, signal, untracked } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import {
  type CallChangedEvent,
  PROTOCOL_LIMITS,
  type RoomChangedEvent,
  type RoomDto,
  type RoomsDto,
} from '@webcall/contracts';
import { ApiClient } from '../../core/net/api-client';
import { RealtimeClient } from '../../core/net/realtime-client';
import { SnapshotLoader } from '../../core/net/snapshot-loader';
import { Session } from '../../core/session/session';
import { MessageIntake } from '../chat/message-intake';
import { CurrentNames } from '../people/current-names';
import {
  compareByActivity,
  type PatchedRoom,
  withCallChange,
  withEditedMessage,
  withPostedMessage,
  withReadPosition,
  withRoomChange,
} from './room-patches';

type RoomUpdate = (room: RoomDto) => PatchedRoom;

/** The changes that affect how many users are in a call. */
const CALL_SIZE_CHANGES: ReadonlySet<CallChangedEvent['change']['type']> = new Set(['joined', 'left', 'ended']);

/**
 * The user's rooms, kept up to date by events. They are loaded page after page, the latest activity first, and shown
 * from the first page on. No room is lost meanwhile: one with a new event moves to the front, where no later page has
 * it, but its event finds it in the list or causes another load; and changes that come while a page is on its way are
 * applied to that page too.
 */
@Injectable({ providedIn: 'root' })
export class RoomList {
  private readonly api = inject(ApiClient);
  private readonly realtime = inject(RealtimeClient);
  private readonly session = inject(Session);
  private readonly names = inject(CurrentNames);
  private readonly all = signal<readonly RoomDto[]>([]);
  private readonly loader = new SnapshotLoader(() => this.fetchRoomPages());
  private readonly userId = computed(() => this.session.user()?.id ?? '');
  private readonly callVersions = new Map<string, number>();
  /** Changes that came while the list was loading: its pages may or may not include them. */
  private changesWhileLoading: [roomId: string, change: RoomUpdate][] = [];
  /** Rooms added or changed while the list was loading: they exist, whether or not a page had them. */
  private readonly touchedRoomIds = new Set<string>();
  /** Rooms with chat events while the list was loading that were not in the list then. */
  private readonly missingRoomIds = new Set<string>();
  /** Rooms with a change since the last page was requested that cannot be applied twice. */
  private readonly uncertainRoomIds = new Set<string>();

  /** The most recently active first. */
  readonly rooms = computed<readonly RoomDto[]>(() =>
    this.all()
      .map((room) => this.withCurrentAuthorName(room))
      .sort(compareByActivity),
  );
  readonly state = this.loader.state;
  /** Why `state` is `error`. */
  readonly error = this.loader.error;
  readonly unread = computed(() => this.all().reduce((sum, room) => sum + room.unread, 0));

  constructor() {
    effect(() => {
      if (this.userId()) untracked(() => void this.loadRooms());
    });
    const on: RealtimeClient['observeEvents'] = (event) =>
      this.realtime.observeEvents(event).pipe(takeUntilDestroyed());
    const { posted, changed } = inject(MessageIntake);
    posted
      .pipe(takeUntilDestroyed())
      .subscribe((message) =>
        this.applyChatChange(message.roomId, (room) => withPostedMessage(room, message, this.userId())),
      );
    changed
      .pipe(takeUntilDestroyed())
      .subscribe((message) => this.applyChatChange(message.roomId, (room) => withEditedMessage(room, message)));
    on('chat:read').subscribe(({ roomId, userId, seq }) => {
      if (userId === this.userId()) this.applyChatChange(roomId, (room) => withReadPosition(room, seq));
    });
    on('room:changed').subscribe((event) => this.handleRoomChange(event));
    on('call:changed').subscribe((event) => this.updateRoomCallSize(event));
    this.realtime.connected.pipe(takeUntilDestroyed()).subscribe(() => void this.loadRooms());
  }

  loadRooms(): Promise<void> {
    return this.loader.loadSnapshot();
  }

  /** Stores a room that the user has just created, joined or changed. */
  addOrReplaceRoom(room: RoomDto): void {
    this.changesWhileLoading = this.changesWhileLoading.filter(([roomId]) => roomId !== room.id);
    this.uncertainRoomIds.add(room.id);
    this.replaceRoom(room);
  }

  /** Adds the open room, which may be on a later page of a list that is loading. */
  addRoomIfUnknown(room: RoomDto): void {
    if (!this.isRoomListed(room.id)) this.replaceRoom(room);
  }

  /** Removes a room that the user has just left or deleted. */
  removeRoomFromList(roomId: string): void {
    this.applyIdempotent(roomId, () => null);
  }

  private async fetchRoomPages(): Promise<void> {
    this.changesWhileLoading = [];
    this.touchedRoomIds.clear();
    this.missingRoomIds.clear();
    const listed = new Set<string>();
    let cursor: string | null = null;
    do {
      const { rooms, next }: RoomsDto = await this.fetchStablePage(cursor);
      this.names.learnAuthorNames(rooms.flatMap(({ lastMessage }) => lastMessage ?? []));
      for (const { id } of rooms) listed.add(id);
      const fresh = new Set(rooms.map(({ id }) => id));
      this.all.update((all) => [...all.filter(({ id }) => !fresh.has(id)), ...rooms]);
      for (const [roomId, change] of this.changesWhileLoading)
        if (fresh.has(roomId)) this.applyToListedRoom(roomId, change);
      this.loader.markPartlyLoaded();
      cursor = next;
    } while (cursor !== null);
    this.all.update((all) => all.filter(({ id }) => listed.has(id) || this.touchedRoomIds.has(id)));
    if ([...this.missingRoomIds].some((roomId) => !this.isRoomListed(roomId))) this.loader.markStale();
  }

  /** Joins and leaves must not be counted twice: a page is requested again if some happened in its rooms meanwhile. */
  private async fetchStablePage(cursor: string | null): Promise<RoomsDto> {
    for (;;) {
      this.uncertainRoomIds.clear();
      const page = await this.api.get<RoomsDto>('/rooms', { cursor, limit: PROTOCOL_LIMITS.page.max });
      if (!page.rooms.some(({ id }) => this.uncertainRoomIds.has(id))) return page;
    }
  }

  private handleRoomChange({ roomId, change }: RoomChangedEvent): void {
    const isMine = 'member' in change && change.member.userId === this.userId();
    if (change.type === 'member_joined' && isMine && !this.isRoomListed(roomId)) return void this.loadRooms();
    const apply: RoomUpdate = (room) => withRoomChange(room, change, this.userId());
    const counts =
      change.type === 'member_joined' || (change.type === 'member_left' && change.userId !== this.userId());
    if (!counts) return this.applyIdempotent(roomId, apply);
    this.uncertainRoomIds.add(roomId);
    this.applyToListedRoom(roomId, apply);
  }

  private updateRoomCallSize(event: CallChangedEvent): void {
    const known = this.callVersions.get(event.callId) ?? 0;
    if (event.version <= known) return;
    this.callVersions.set(event.callId, event.version);
    if (CALL_SIZE_CHANGES.has(event.change.type)) this.uncertainRoomIds.add(event.roomId);
    this.applyToListedRoom(event.roomId, (room) =>
      event.version > known + 1 ? 'reload' : withCallChange(room, event),
    );
  }

  /** Applies a chat event. A room that is not listed has moved to the front, so the list is loaded again. */
  private applyChatChange(roomId: string, change: RoomUpdate): void {
    this.applyIdempotent(roomId, change);
    if (this.isRoomListed(roomId)) return;
    if (this.loader.isLoading) this.missingRoomIds.add(roomId);
    else void this.loadRooms();
  }

  /** Applies a change that may be applied twice without harm. */
  private applyIdempotent(roomId: string, change: RoomUpdate): void {
    if (this.loader.isLoading) this.changesWhileLoading.push([roomId, change]);
    this.applyToListedRoom(roomId, change);
  }

  private applyToListedRoom(roomId: string, change: RoomUpdate): void {
    const room = this.all().find(({ id }) => id === roomId);
    if (!room) return;
    const next = change(room);
    if (next === 'reload') void this.loadRooms();
    else if (next === null) this.all.update((all) => all.filter(({ id }) => id !== roomId));
    else if (next !== room) this.replaceRoom(next);
  }

  private replaceRoom(room: RoomDto): void {
    this.touchedRoomIds.add(room.id);
    this.all.update((all) => [...all.filter(({ id }) => id !== room.id), room]);
  }

  /** The last message may be older than its author's current name. */
  private withCurrentAuthorName(room: RoomDto): RoomDto {
    const { authorId = null, authorName = null } = room.lastMessage ?? {};
    const name = authorName && this.names.currentNameOf(authorId, authorName);
    if (!room.lastMessage || name === authorName) return room;
    return { ...room, lastMessage: { ...room.lastMessage, authorName: name } };
  }

  private isRoomListed(roomId: string): boolean {
    return this.all().some(({ id }) => id === roomId);
  }
}
