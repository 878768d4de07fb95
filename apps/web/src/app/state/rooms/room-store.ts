import { computed, DestroyRef, inject, Injectable, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import type { CallChangedEvent, CallDto, MemberDto, MembersDto, RoomChange, RoomDto } from '@webcall/contracts';
import { isActionOf, may, type RoomAction } from '@webcall/domain';
import { Scope } from '@webcall/base';
import { ApiClient } from '../../core/net/api-client';
import { type ApiError, isApiError, isPassing } from '../../core/net/api-error';
import { emptyRoster, hasMissed, rosterOf, take, type Roster } from '../call/call-roster';
import { Loader } from '../../core/net/loader';
import { Pages } from '../../core/net/pages';
import { RealtimeClient } from '../../core/net/realtime-client';
import { Retry } from '../../core/net/retry';
import { RoomList } from './room-list';
import { Session } from '../../core/session/session';

/** `gone`: it was there, and is not any more; `shut`: it is there, and does not take one in. */
export type RoomState = 'loading' | 'ready' | 'not-found' | 'gone' | 'shut' | 'error';

/** What is open beside the room's content. */
export type RoomPanel = 'members' | 'settings' | 'chat' | null;

const RETRY_MS = 2000;

/** The room that a page shows, kept up to date by events. One object per page and room. */
@Injectable()
export class RoomStore {
  private readonly api = inject(ApiClient);
  private readonly realtime = inject(RealtimeClient);
  private readonly list = inject(RoomList);
  private readonly session = inject(Session);
  private readonly roster = signal<Roster | null>(null);
  private readonly scope = new Scope();
  private readonly callRetry = new Retry(() => void this.askForCall());
  private joined = false;

  readonly id = signal('');
  readonly state = signal<RoomState>('loading');
  readonly error = signal<ApiError | null>(null);
  /** The latest answer to `room:open`: a new object each time the room was opened, also after a reconnect. */
  readonly room = signal<RoomDto | null>(null);
  readonly opened = signal<RoomDto | null>(null);
  /** Only for those who look at them: of a large room some are not loaded. */
  readonly memberPages = new Pages<MemberDto>(
    async (cursor) => {
      const { members, next } = await this.api.get<MembersDto>(`/rooms/${this.id()}/members`, { cursor });
      return { items: members, next };
    },
    ({ userId }) => userId,
  );
  readonly members = this.memberPages.items;
  /** Who shows the members loads them. */
  readonly memberLoader = new Loader(() => this.memberPages.renew());
  /** The running call as everyone in the room sees it: who is in it. */
  readonly participants = computed(() => this.roster()?.others ?? []);
  readonly calling = computed(() => this.roster() !== null);
  readonly rings = computed(() => this.roster()?.rings ?? []);
  readonly knocks = computed(() => this.roster()?.knocks ?? []);
  readonly barred = computed(() => this.roster()?.barred ?? []);
  /** Whether one was taken out of the running call. */
  readonly isBarred = computed(() => this.barred().some(({ userId }) => userId === this.session.user()?.id));
  /** Whether a lobby is open on the stage. */
  readonly lobby = signal(false);
  readonly panel = signal<RoomPanel>(null);
  /** How often somebody opened a panel: each time it gets the focus. A panel that opens by itself does not. */
  readonly asked = signal(0);
  /** Whether the settings were opened to invite somebody. */
  readonly inviting = signal(false);
  /** Whether the page has just come back from its call, so that the way into it gets the focus. */
  readonly backFromCall = signal(false);

  constructor() {
    const destroyRef = inject(DestroyRef);
    destroyRef.onDestroy(() => this.scope.close());
    const on: RealtimeClient['on'] = (event) => this.realtime.on(event).pipe(takeUntilDestroyed(destroyRef));
    on('room:changed').subscribe(({ roomId, change }) => roomId === this.id() && this.onChange(change));
    on('call:changed').subscribe((event) => event.roomId === this.id() && this.onCall(event));
    this.realtime.reconnected.pipe(takeUntilDestroyed(destroyRef)).subscribe(() => void this.open(this.id()));
  }

  may(action: RoomAction): boolean {
    const room = this.room();
    return room !== null && isActionOf(room.kind, action) && may(room.role, action);
  }

  toggle(panel: Exclude<RoomPanel, null>): void {
    this.panel.update((open) => (open === panel ? null : panel));
    if (this.panel() !== null) this.asked.update((times) => times + 1);
  }

  /** Opens the settings at the invitations. */
  invite(): void {
    this.inviting.set(true);
    this.panel.set('settings');
  }

  async open(roomId: string): Promise<void> {
    this.id.set(roomId);
    if (this.state() === 'error') this.state.set('loading');
    try {
      const { room, call } = await this.realtime.send('room:open', { roomId });
      this.room.set(room);
      this.opened.set(room);
      this.list.know(room);
      this.setCall(call);
      this.state.set('ready');
      if (this.members()) void this.memberLoader.load();
    } catch (error) {
      if (!isApiError(error)) throw error;
      await this.onClosed(error);
    }
  }

  private async onClosed(error: ApiError): Promise<void> {
    const wasOpen = this.state() === 'ready';
    if (isApiError(error, 'room_not_found', 'forbidden', 'not_found', 'invalid_input')) {
      // Whoever was taken out does not get back in by a reconnect.
      if (wasOpen || this.state() === 'gone') return this.state.set('gone');
      // Forbidden, and yet the server describes it: a public room. Its link lets in whoever opens it.
      if (error.details?.['room'] && !this.joined) return this.join();
      return this.state.set('not-found');
    }
    if (!wasOpen && isApiError(error, 'removed_from_room', 'room_locked')) {
      this.error.set(error);
      return this.state.set('shut');
    }
    // What is on the page stays readable; a room that is not there yet says what is wrong and tries again.
    if (!wasOpen) {
      this.error.set(error);
      this.state.set('error');
    }
    if (!isApiError(error, 'offline') || !wasOpen) this.scope.timeout(RETRY_MS, () => void this.open(this.id()));
  }

  private async join(): Promise<void> {
    try {
      this.list.put(await this.api.post<RoomDto>(`/rooms/${this.id()}/join`));
      this.joined = true;
    } catch (error) {
      if (!isApiError(error)) throw error;
      return this.onClosed(error);
    }
    await this.open(this.id());
  }

  private onChange(change: RoomChange): void {
    const self = this.session.user()?.id;
    switch (change.type) {
      case 'updated':
        return this.patch({
          visibility: change.visibility,
          door: change.door,
          closed: change.closed,
          ...(this.room()?.kind === 'group' && { name: change.name }),
        });
      case 'deleted':
        return this.state.set('gone');
      case 'membership':
        return this.patch({ doNotDisturb: change.doNotDisturb });
      case 'member_joined':
        if (change.member.userId === self) return;
        this.patch({ memberCount: (this.room()?.memberCount ?? 0) + 1 });
        return this.putMember(change.member);
      case 'member_changed':
        if (change.member.userId === self) this.patch({ role: change.member.role });
        else if (this.room()?.kind === 'direct') this.patch({ name: change.member.name });
        return this.putMember(change.member);
      case 'member_left':
        if (change.userId === self) return this.state.set('gone');
        this.patch({ memberCount: (this.room()?.memberCount ?? 1) - 1 });
        return this.memberPages.change((all) => all.filter((m) => m.userId !== change.userId));
    }
  }

  /** Also one who is not loaded: with another role or name they may stand before what is, where no later page has them. */
  private putMember(member: MemberDto): void {
    this.memberPages.change((all) => [...all.filter(({ userId }) => userId !== member.userId), member]);
  }

  private patch(change: Partial<RoomDto>): void {
    this.room.update((room) => room && { ...room, ...change });
  }

  private onCall(event: CallChangedEvent): void {
    const known = this.roster();
    const isNew = known?.callId !== event.callId;
    if (isNew && event.version > 1) return void this.askForCall();
    const before = isNew ? emptyRoster(event.callId) : known;
    if (!before) return;
    const after = take(before, event);
    this.roster.set(after.over ? null : after);
    if (hasMissed(after)) void this.askForCall();
  }

  private async askForCall(): Promise<void> {
    try {
      const { call } = await this.realtime.send('call:get', { roomId: this.id() });
      this.setCall(call);
      this.callRetry.reset();
    } catch (error) {
      if (!isApiError(error)) throw error;
      console.warn('Who is in the call is not known for now', error);
      // With the next connection the room is opened anyway.
      if (isPassing(error) && error.code !== 'offline') this.callRetry.later();
    }
  }

  private setCall(call: CallDto | null): void {
    const before = this.roster();
    if (call && before?.callId === call.callId && before.version > call.version) return;
    this.roster.set(call ? rosterOf('', call, before?.early) : null);
  }
}
