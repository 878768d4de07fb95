import { computed, effect, inject, Injectable, signal, untracked } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import type { RoomDto } from '@webcall/contracts';
import {
  createTimeline,
  keepTimelineRange,
  mergeIncomingMessages,
  prependOlderPage,
  type Timeline,
} from '@webcall/domain';
import { type ApiError, isApiError, isTransientError } from '../../core/net/api-error';
import { RealtimeClient } from '../../core/net/realtime-client';
import { RetryBackoff } from '../../core/net/retry-backoff';
import { CurrentNames } from '../people/current-names';
import { MessageIntake, type MessagePage, type MessageRange, type PlainMessage } from './message-intake';
import { Outbox } from './outbox';

const PAGE = 50;
const LONG_PAGE = 100;
/** While the reader scrolls: as many as a page can show anew within a frame and a half. */
const SCROLLED_PAGE = 30;
/** More missed messages than this are not fetched in one go but as the reader scrolls down. */
const CATCH_UP_MAX = 500;
/** How many messages stay loaded before and after those that the reader sees; farther ones are dropped by the page. */
const KEPT_BEYOND = 100;

type TimelineEnd = 'older' | 'newer';

/** The chat state of a room in the answer to `room:open`. */
export type RoomChatState = Pick<RoomDto, 'id' | 'lastSeq' | 'revision' | 'readSeq' | 'unread'>;

/**
 * The messages of one room: a gapless part of the history around what the reader sees. Scrolling loads more at one end
 * and drops what is far away at the other. It is live while it reaches the end of the room; otherwise new messages are
 * only counted, and loaded as the reader scrolls down.
 */
@Injectable()
export class TimelineStore {
  private readonly intake = inject(MessageIntake);
  private readonly realtime = inject(RealtimeClient);
  private readonly outbox = inject(Outbox);
  private readonly names = inject(CurrentNames);
  private readonly catchUpRetry = new RetryBackoff(() => void this.ensureCaughtUp());
  private readonly stored = signal<Timeline<PlainMessage>>(createTimeline());
  private readonly chatState = signal<RoomChatState | null>(null);
  private readonly roomId = computed(() => this.chatState()?.id ?? '');
  /** Every change of a loaded message up to this revision is in the timeline. */
  private revision = 0;
  /** The revision of the newest change in the room, applied or not. */
  private lastRevision = 0;
  private renewing?: Promise<void>;

  readonly state = signal<'loading' | 'ready' | 'error'>('loading');
  private readonly troubles = signal<Partial<Record<TimelineEnd, ApiError['code']>>>({});
  /** Why the last request failed; undefined when all is well. */
  readonly trouble = computed(() => this.troubles().newer ?? this.troubles().older);
  /** The loaded messages, with the names that people had when they were loaded. */
  readonly timeline = this.stored.asReadonly();
  /** Whether the timeline should reach the end of the room; otherwise the reader scrolls there. */
  readonly following = signal(true);
  /** Number of the newest message in the room, loaded or not. */
  readonly lastSeq = signal(0);
  readonly loadingOlder = signal(false);
  readonly loadingNewer = signal(false);
  readonly hasOlder = computed(() => this.timeline().first > 1);
  /** Whether the timeline reaches the end of the room. */
  readonly live = computed(() => this.timeline().last >= this.lastSeq());
  readonly pending = computed(() => this.outbox.outgoingMessagesOf(this.roomId()));

  constructor() {
    this.intake.posted.pipe(takeUntilDestroyed()).subscribe((message) => this.handlePostedMessage(message));
    this.intake.changed.pipe(takeUntilDestroyed()).subscribe((message) => this.handleChangedMessage(message));
    effect(() => {
      if (this.pending().length === 0) return;
      const known = new Set(this.timeline().messages.map((m) => m.id));
      const stored = this.pending().filter((e) => known.has(e.id));
      if (stored.length > 0) untracked(() => this.outbox.removeMessages(new Set(stored.map((e) => e.id))));
    });
  }

  /**
   * Loads the room, or after a reconnect the missed messages; failures that may pass are retried. Call it with each
   * answer to `room:open`.
   */
  async syncRoomMessages(chatState: RoomChatState): Promise<void> {
    this.chatState.set(chatState);
    this.lastSeq.update((seq) => Math.max(seq, chatState.lastSeq));
    this.lastRevision = Math.max(this.lastRevision, chatState.revision);
    if (this.state() === 'error') this.state.set('loading');
    if (this.state() === 'ready' && this.lastSeq() - this.timeline().last > CATCH_UP_MAX) this.following.set(false);
    await this.ensureCaughtUp();
  }

  /** Whether a request for that end failed, and none has succeeded since. */
  hasTroubleAt(end: TimelineEnd): boolean {
    return this.troubles()[end] !== undefined;
  }

  /** Loads the page before the first message. */
  async loadOlderMessages(): Promise<void> {
    if (this.loadingOlder() || !this.hasOlder() || this.state() !== 'ready') return;
    this.loadingOlder.set(true);
    await this.runWithRetry(async () => {
      const before = this.timeline().first;
      const page = await this.fetchPageAt({ before, limit: SCROLLED_PAGE });
      if (this.timeline().first !== before) return;
      this.stored.update((t) => prependOlderPage(t, page.messages));
      await this.fetchChangesSincePage(page);
    }, 'older');
    this.loadingOlder.set(false);
  }

  /** Loads the page after the last message, while the end of the room is not loaded. */
  async loadNewerMessages(): Promise<void> {
    if (this.loadingNewer() || this.live() || this.state() !== 'ready') return;
    this.loadingNewer.set(true);
    await this.runWithRetry(() => this.fetchNextPage(SCROLLED_PAGE));
    this.loadingNewer.set(false);
  }

  /**
   * Drops messages far from what the reader sees, a page at a time. Call it whenever the numbers of the first and the
   * last message that they see change.
   */
  dropMessagesFarFrom(firstSeen: number, lastSeen: number): void {
    const timeline = this.stored();
    // The timeline has begun anew elsewhere, and the page still shows the former part.
    if (lastSeen < timeline.first || firstSeen > timeline.last) return;
    const [from, to] = [firstSeen - KEPT_BEYOND, lastSeen + KEPT_BEYOND];
    const kept = keepTimelineRange(
      timeline,
      timeline.first <= from - SCROLLED_PAGE ? from : timeline.first,
      timeline.last >= to + SCROLLED_PAGE ? to : timeline.last,
    );
    if (kept === timeline) return;
    if (kept.last < timeline.last) this.following.set(false);
    this.stored.set(kept);
  }

  /** Drops the loaded part and starts anew at the end of the room. */
  async jumpToLatest(): Promise<void> {
    if (!this.live()) await this.renewing;
    if (this.live()) return;
    // A message that comes while the page is on its way is not in it.
    if (await this.runWithRetry(() => this.restartAt({ limit: PAGE }))) await this.ensureCaughtUp();
  }

  sendChatMessage(text: string): void {
    this.outbox.enqueueMessage(this.roomId(), text);
  }

  retryFailedMessage(id: string): void {
    this.outbox.retryMessage(id);
  }

  discardFailedMessage(id: string): void {
    this.outbox.removeMessages(new Set([id]));
  }

  /** The changed message comes back as an event, to this device as to all others. */
  async editChatMessage(id: string, text: string): Promise<void> {
    await this.realtime.sendCommand('chat:edit', { roomId: this.roomId(), id, text });
  }

  async deleteChatMessage(id: string): Promise<void> {
    await this.realtime.sendCommand('chat:delete', { roomId: this.roomId(), id });
  }

  private handlePostedMessage(message: PlainMessage): void {
    if (message.roomId !== this.roomId()) return;
    this.lastSeq.update((seq) => Math.max(seq, message.seq));
    if (this.state() !== 'ready') return;
    // The reader will come to it by scrolling: it must not wait among the messages on their way until then.
    if (!this.following()) return this.outbox.removeMessages(new Set([message.id]));
    this.stored.update((t) => mergeIncomingMessages(t, [message]));
    if (!this.live()) void this.ensureCaughtUp();
  }

  private handleChangedMessage(message: PlainMessage): void {
    if (message.roomId !== this.roomId()) return;
    this.lastRevision = Math.max(this.lastRevision, message.revision);
    if (this.state() !== 'ready') return;
    this.applyMessageChanges([message]);
    if (message.revision === this.revision + 1) this.revision = message.revision;
    if (this.isMissingChanges()) void this.ensureCaughtUp();
  }

  /** Messages outside the loaded part come in their newest form with their page. */
  private applyMessageChanges(changed: readonly PlainMessage[]): void {
    this.stored.update((t) =>
      mergeIncomingMessages(
        t,
        changed.filter((m) => m.seq <= t.last),
      ),
    );
  }

  private isMissingChanges(): boolean {
    return this.revision < this.lastRevision;
  }

  private isMissingMessages(): boolean {
    return this.following() && !this.live();
  }

  /** Fetches everything that is missing; calls meanwhile share the running fetch. */
  private ensureCaughtUp(): Promise<void> {
    this.renewing ??= this.fetchMissing().finally(() => (this.renewing = undefined));
    return this.renewing;
  }

  private async fetchMissing(): Promise<void> {
    const done = await this.runWithRetry(async () => {
      if (this.state() !== 'ready') await this.loadInitialMessages();
      while ((await this.fetchMissedChanges()) || (await this.fetchMissedMessages()));
    });
    if (done) this.catchUpRetry.resetBackoff();
    else if (this.state() === 'loading') this.state.set('error');
  }

  /** Begins at the end, or with many new messages where the reader left off; from there they scroll. */
  private async loadInitialMessages(): Promise<void> {
    const { unread = 0, readSeq = 0 } = this.chatState() ?? {};
    // By number, because some messages, such as one's own, do not count as unread.
    const manyNew = unread > 0 && this.lastSeq() - readSeq > PAGE;
    await this.restartAt(manyNew ? { after: Math.max(0, readSeq - PAGE / 2), limit: LONG_PAGE } : { limit: PAGE });
    this.state.set('ready');
  }

  private async restartAt(range: MessageRange): Promise<void> {
    const page = await this.fetchPageAt(range);
    const start = page.messages[0]?.seq ?? page.lastSeq + 1;
    this.stored.set(mergeIncomingMessages(createTimeline<PlainMessage>(start - 1), page.messages));
    this.following.set(range.after === undefined || this.live());
    this.revision = page.revision;
    await this.fetchChangesSincePage(page);
  }

  /** @returns whether there were any */
  private async fetchMissedChanges(): Promise<boolean> {
    const before = this.revision;
    if (this.isMissingChanges()) await this.fetchMessageChanges();
    return this.revision > before;
  }

  /** @returns whether there were any */
  private async fetchMissedMessages(): Promise<boolean> {
    return this.isMissingMessages() && (await this.fetchNextPage(LONG_PAGE));
  }

  /** @returns whether the page brought anything */
  private async fetchNextPage(limit: number): Promise<boolean> {
    const after = this.timeline().last;
    const page = await this.fetchPageAt({ after, limit });
    // The end was dropped meanwhile, so this page does not follow it.
    if (this.timeline().last < after) return false;
    this.stored.update((t) => mergeIncomingMessages(t, page.messages));
    if (this.live()) this.following.set(true);
    await this.fetchChangesSincePage(page);
    return this.timeline().last > after;
  }

  /** A page may be older than a change whose event came while the page was on its way. */
  private async fetchChangesSincePage(page: MessagePage): Promise<void> {
    if (page.revision >= this.lastRevision) return;
    this.revision = Math.min(this.revision, page.revision);
    await this.fetchMessageChanges();
  }

  private async fetchMessageChanges(): Promise<void> {
    for (let more = true; more;) {
      const page = await this.intake.loadMessageChanges(this.roomId(), this.revision, LONG_PAGE);
      this.applyMessageChanges(page.messages);
      more = page.messages.length === LONG_PAGE;
      this.revision = Math.max(this.revision, more ? Math.max(...page.messages.map((m) => m.revision)) : page.revision);
    }
  }

  private async fetchPageAt(range: MessageRange): Promise<MessagePage> {
    const page = await this.intake.loadMessages(this.roomId(), range);
    this.lastSeq.update((seq) => Math.max(seq, page.lastSeq));
    this.names.learnAuthorNames(page.messages);
    return page;
  }

  /** Schedules a retry if messages are missing after a failure that may pass. @returns whether the work succeeded */
  private async runWithRetry(work: () => Promise<unknown>, end: TimelineEnd = 'newer'): Promise<boolean> {
    try {
      await work();
      this.troubles.set({});
      return true;
    } catch (error) {
      if (!isApiError(error)) throw error;
      this.troubles.update((troubles) => ({ ...troubles, [end]: error.code }));
      const missing = this.state() !== 'ready' || this.isMissingChanges() || this.isMissingMessages();
      if (missing && isTransientError(error)) this.catchUpRetry.scheduleRetry();
      return false;
    }
  }
}
