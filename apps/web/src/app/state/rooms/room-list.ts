import { computed, effect, inject, Injectable, untracked } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import {
  type ChangeMembershipDto,
  PROTOCOL_LIMITS,
  type RoomChangedEvent,
  type RoomDto,
  type RoomOpenedDto,
} from '@webcall/contracts';
import { ApiClient } from '../../core/net/api-client';
import type { ListPage } from '../../core/net/paged-list';
import { RealtimeClient } from '../../core/net/realtime-client';
import { SyncedCollection } from '../../core/net/synced-collection';
import { Session } from '../../core/session/session';
import { CallRosters } from '../call/call-rosters';
import { MessageIntake } from '../chat/message-intake';
import { CurrentNames } from '../people/current-names';
import {
  compareByActivity,
  withCallSize,
  withEditedMessage,
  withPostedMessage,
  withReadPosition,
  withRoomChange,
} from './room-patches';

/**
 * The user's rooms: the only copy of each in the client, kept up to date by events. They are loaded page after page, the
 * latest activity first. A room with a new event moves to the front, where no later page has it; its event finds it here
 * or causes another load.
 */
@Injectable({ providedIn: 'root' })
export class RoomList {
  private readonly api = inject(ApiClient);
  private readonly realtime = inject(RealtimeClient);
  private readonly session = inject(Session);
  private readonly names = inject(CurrentNames);
  private readonly all = new SyncedCollection<RoomDto>(
    (cursor) => this.fetchRoomPage(cursor),
    ({ id }) => id,
  );
  private readonly userId = computed(() => this.session.user()?.id ?? '');

  /** The most recently active first. */
  readonly rooms = computed<readonly RoomDto[]>(() =>
    [...this.all.items().values()].map((room) => this.withCurrentAuthorName(room)).sort(compareByActivity),
  );
  readonly state = this.all.state;
  /** Why `state` is `error`. */
  readonly error = this.all.error;
  readonly unread = computed(() => [...this.all.items().values()].reduce((sum, room) => sum + room.unread, 0));

  constructor() {
    effect(() => {
      if (this.realtime.loadRound()) untracked(() => void this.loadRooms());
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
    on('room:changed').subscribe((event) => this.applyRoomChange(event));
    inject(CallRosters)
      .updates.pipe(takeUntilDestroyed())
      .subscribe(({ roomId, roster }) =>
        this.all.changeItem(roomId, (room) => room && withCallSize(room, roster?.participants.length ?? 0)),
      );
  }

  loadRooms(): Promise<void> {
    return this.all.loadItems();
  }

  findRoom(roomId: string): RoomDto | undefined {
    return this.all.items().get(roomId);
  }

  /** Fetches a room with its call; the room may be on a page of the list that is not loaded yet. @throws ApiError */
  openRoom(roomId: string): Promise<RoomOpenedDto> {
    return this.all.storeAnswer(
      () => this.realtime.sendCommand('room:open', { roomId }, { patient: true }),
      ({ room }) => room,
    );
  }

  /** Stores the room that the user creates, joins or changes by a request. @throws what the request throws */
  storeRoom(request: () => Promise<RoomDto>): Promise<RoomDto> {
    return this.all.storeAnswer(request, (room) => room);
  }

  /** Shows how far the user has read on this page, which may report it later. */
  applyReadPosition(roomId: string, seq: number): void {
    this.all.changeItem(roomId, (room) => room && withReadPosition(room, seq));
  }

  /** Removes a room that the user has just left or deleted. */
  removeRoomFromList(roomId: string): void {
    this.all.changeItem(roomId, () => undefined);
  }

  /** Shows the change at once, and takes it back when the server refuses. @throws ApiError */
  async setRoomDoNotDisturb(roomId: string, doNotDisturb: boolean): Promise<void> {
    const body: ChangeMembershipDto = { doNotDisturb };
    const before = this.findRoom(roomId)?.doNotDisturb ?? false;
    this.all.changeItem(roomId, (room) => room && { ...room, doNotDisturb });
    try {
      await this.storeRoom(() => this.api.sendRequest('PATCH /rooms/:roomId/membership', { roomId, body }));
    } catch (error) {
      this.all.changeItem(roomId, (room) => room && { ...room, doNotDisturb: before });
      throw error;
    }
  }

  private async fetchRoomPage(cursor: string | null): Promise<ListPage<RoomDto>> {
    const query = { cursor, limit: PROTOCOL_LIMITS.page.max };
    const { rooms, next } = await this.api.sendRequest('GET /rooms', { query });
    this.names.learnAuthorNames(rooms.flatMap(({ lastMessage }) => lastMessage ?? []));
    return { items: rooms, next };
  }

  private applyRoomChange({ roomId, change }: RoomChangedEvent): void {
    if (change.type === 'member_joined' && change.member.userId === this.userId()) return void this.loadRooms();
    this.all.changeItem(roomId, (room) => room && withRoomChange(room, change, this.userId()));
  }

  /** Applies a chat event. A room that is not listed has moved to the front, so the list is loaded again. */
  private applyChatChange(roomId: string, change: (room: RoomDto) => RoomDto): void {
    this.all.changeItem(roomId, (room) => room && change(room));
    this.all.requireItem(roomId);
  }

  /** The last message may be older than its author's current name. */
  private withCurrentAuthorName(room: RoomDto): RoomDto {
    const { authorId = null, authorName = null } = room.lastMessage ?? {};
    const name = authorName && this.names.currentNameOf(authorId, authorName);
    if (!room.lastMessage || name === authorName) return room;
    return { ...room, lastMessage: { ...room.lastMessage, authorName: name } };
  }
}
