import { computed, inject, Injectable, linkedSignal, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import type { MemberDto, RoomChange, RoomDto, VisitedRoomDto } from '@webcall/contracts';
import { isRoomActionAllowed, type RoomAction } from '@webcall/domain';
import { ApiClient } from '../../core/net/api-client';
import { ApiError, isApiError } from '../../core/net/api-error';
import { PagedList } from '../../core/net/paged-list';
import { RealtimeClient } from '../../core/net/realtime-client';
import { RetryBackoff } from '../../core/net/retry-backoff';
import { SnapshotLoader } from '../../core/net/snapshot-loader';
import { Session } from '../../core/session/session';
import { CallRosters } from '../call/call-rosters';
import { RoomList } from './room-list';

/**
 * `visiting`: public, and the user is no member; `gone`: was open and is no longer accessible to the user; `shut`: exists,
 * but does not admit the user.
 */
export type RoomLoadState = 'loading' | 'ready' | 'visiting' | 'not-found' | 'gone' | 'shut' | 'error';

/** The panel that is open next to the room's content. */
export type RoomPanel = 'members' | 'settings' | 'chat' | null;

/** People look at an empty page meanwhile, so the pauses do not grow. */
const OPEN_RETRY_PAUSES = { first: 2000, longest: 2000 };

/** The room that a page shows, kept up to date by events. One object per page and room. */
@Injectable()
export class RoomStore {
  private readonly api = inject(ApiClient);
  private readonly list = inject(RoomList);
  private readonly rosters = inject(CallRosters);
  private readonly session = inject(Session);
  private readonly retry = new RetryBackoff(() => void this.openRoomById(this.id()), OPEN_RETRY_PAUSES);

  readonly id = signal('');
  private readonly roster = computed(() => this.rosters.rosterOf(this.id()));
  readonly state = signal<RoomLoadState>('loading');
  readonly error = signal<ApiError | null>(null);
  /** What people outside see of the room, while `visiting`. */
  readonly visited = signal<VisitedRoomDto | null>(null);
  readonly joining = signal(false);
  /** The latest answer to `room:open`: a new object each time the room was opened, also after a reconnect. */
  readonly opened = signal<RoomDto | null>(null);
  /** The room as it is now, or as it was when the user lost it; null until it was opened. */
  readonly room = linkedSignal<RoomDto | undefined, RoomDto | null>({
    source: () => (this.opened() ? this.list.findRoom(this.id()) : undefined),
    computation: (room, before) => room ?? before?.value ?? null,
  }).asReadonly();
  /** Its own signal, because the room itself changes with each message. */
  readonly name = computed(() => this.room()?.name ?? this.visited()?.name ?? '');
  /** Loaded only while the members are shown; of a large room not all of them are. */
  readonly memberPages = new PagedList<MemberDto>(
    async (cursor) => {
      const { members, next } = await this.api.sendRequest('GET /rooms/:roomId/members', {
        roomId: this.id(),
        query: { cursor },
      });
      return { items: members, next };
    },
    ({ userId }) => userId,
  );
  readonly members = this.memberPages.items;
  /** To be started by the component that shows the members. */
  readonly memberLoader = new SnapshotLoader(() => this.memberPages.reloadShownPages());
  /** The participants of the running call, as everyone in the room sees them. */
  readonly participants = computed(() => this.roster()?.participants ?? []);
  readonly calling = computed(() => this.roster() !== null);
  readonly rings = computed(() => this.roster()?.rings ?? []);
  readonly knocks = computed(() => this.roster()?.knocks ?? []);
  readonly barred = computed(() => this.roster()?.barred ?? []);
  /** Whether the user was removed from the running call. */
  readonly isBarred = computed(() => this.barred().some(({ userId }) => userId === this.session.user()?.id));
  /** Whether the call of the room is locked for this user, who may only knock. */
  readonly isLockedOut = computed(
    () =>
      this.room()?.door === 'locked' &&
      !this.canPerformAction('call:moderate') &&
      !this.rosters.hasBeenInCall(this.id()),
  );
  /** Whether a lobby is open on the stage. */
  readonly lobby = signal(false);
  readonly panel = signal<RoomPanel>(null);
  /** How often the person opened a panel: then it gets the focus, unlike a panel that opens by itself. */
  readonly panelOpenings = signal(0);
  /** Whether the settings were opened to invite somebody. */
  readonly inviting = signal(false);
  /** Whether the page has just come back from its call, so that the button to join gets the focus. */
  readonly backFromCall = signal(false);

  constructor() {
    const realtime = inject(RealtimeClient);
    realtime
      .observeEvents('room:changed')
      .pipe(takeUntilDestroyed())
      .subscribe(({ roomId, change }) => roomId === this.id() && this.followRoomChange(change));
    realtime.reconnected.pipe(takeUntilDestroyed()).subscribe(() => void this.openRoomById(this.id()));
  }

  canPerformAction(action: RoomAction): boolean {
    const room = this.room();
    return room !== null && isRoomActionAllowed(room, action);
  }

  togglePanel(panel: Exclude<RoomPanel, null>): void {
    this.panel.update((open) => (open === panel ? null : panel));
    if (this.panel() !== null) this.panelOpenings.update((times) => times + 1);
  }

  /** Opens the settings at the invitations. */
  openInvitations(): void {
    this.inviting.set(true);
    this.panel.set('settings');
  }

  async openRoomById(roomId: string): Promise<void> {
    this.id.set(roomId);
    if (this.state() === 'error') this.state.set('loading');
    try {
      const { room } = await this.rosters.requestCall(
        roomId,
        () => this.list.openRoom(roomId),
        ({ call }) => call,
      );
      this.retry.resetBackoff();
      // The user may have lost the room while the answer was on its way.
      if (!this.list.findRoom(roomId)) return this.state.set('gone');
      this.opened.set(room);
      this.state.set('ready');
      if (this.members()) void this.memberLoader.loadSnapshot();
    } catch (error) {
      if (!isApiError(error)) throw error;
      if (!this.applyRefusal(error)) this.retryOpening(error);
    }
  }

  /** Joins the public room that the user is visiting. @throws ApiError for which the user can try again */
  async joinVisitedRoom(): Promise<void> {
    if (this.joining()) return;
    this.joining.set(true);
    try {
      await this.list.storeRoom(() => this.api.sendRequest('POST /rooms/:roomId/join', { roomId: this.id() }));
      await this.openRoomById(this.id());
    } catch (error) {
      if (!isApiError(error) || !this.applyRefusal(error)) throw error;
    } finally {
      this.joining.set(false);
    }
  }

  /** @returns whether the error says that the room is not open to the user, which is shown then */
  private applyRefusal(error: ApiError): boolean {
    const wasOpen = this.state() === 'ready';
    if (isApiError(error, 'room_not_found', 'forbidden', 'not_found', 'invalid_input')) {
      // A user who was removed does not get back in by a reconnect.
      if (wasOpen || this.state() === 'gone') this.state.set('gone');
      else this.showVisitedRoom((error.details?.['room'] as VisitedRoomDto | undefined) ?? null);
      return true;
    }
    if (wasOpen || !isApiError(error, 'removed_from_room', 'room_locked')) return false;
    this.error.set(error);
    this.state.set('shut');
    return true;
  }

  /** An open or visited room stays to be read; a room that is not loaded yet shows the error. */
  private retryOpening(error: ApiError): void {
    const isShown = this.state() === 'ready' || this.state() === 'visiting';
    if (!isShown) {
      this.error.set(error);
      this.state.set('error');
    }
    if (!isApiError(error, 'offline') || !isShown) this.retry.scheduleRetry();
  }

  /** The server refuses members' rights but describes the room: it is public, and most people with its link may join. */
  private showVisitedRoom(room: VisitedRoomDto | null): void {
    this.visited.set(room);
    if (room?.refusal) this.error.set(new ApiError(room.refusal, room.refusal));
    this.state.set(room?.refusal ? 'shut' : room ? 'visiting' : 'not-found');
  }

  /** The room itself changes in the list of rooms. */
  private followRoomChange(change: RoomChange): void {
    switch (change.type) {
      case 'updated':
      case 'membership':
        return;
      case 'deleted':
        return this.state.set('gone');
      case 'member_joined':
      case 'member_changed':
        return this.addOrReplaceMember(change.member);
      case 'member_left':
        if (change.userId === this.session.user()?.id) return this.state.set('gone');
        return this.memberPages.applyListChange((all) => all.filter(({ userId }) => userId !== change.userId));
    }
  }

  /** Adds unknown members too: a new role or name may sort them before the loaded ones, so no later page has them. */
  private addOrReplaceMember(member: MemberDto): void {
    this.memberPages.applyListChange((all) => [...all.filter(({ userId }) => userId !== member.userId), member]);
  }
}
