import { computed, DestroyRef, effect, inject, Injectable, signal, untracked } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import type { MessageDto, MessagesDto, RoomDto } from '@webcall/contracts';
import { emptyTimeline, hasGap, prepend, receive, type Timeline } from '@webcall/domain';
import { ApiClient } from '../../core/api-client';
import { ApiError } from '../../core/api-error';
import { RealtimeClient } from '../../core/realtime-client';
import { Outbox } from './outbox';

const PAGE = 50;
const LONG_PAGE = 100;
/** More missed messages than this are not fetched in one go but as the reader scrolls down. */
const CATCH_UP_MAX = 500;

/** Where a room stands, as `room:open` tells. */
export type Standing = Pick<RoomDto, 'id' | 'lastSeq' | 'revision' | 'readSeq' | 'unread'>;

interface Range {
  after?: number;
  before?: number;
  limit: number;
}

/**
 * The messages of one room: a gapless stretch of the history that grows at both ends. Live while it reaches the end of
 * the room; otherwise new messages are only counted, and come as the reader scrolls down.
 */
@Injectable()
export class TimelineStore {
  private readonly api = inject(ApiClient);
  private readonly realtime = inject(RealtimeClient);
  private readonly outbox = inject(Outbox);
  private readonly roomId = signal('');
  /** Every change of a loaded message up to this revision is in the timeline. */
  private revision = 0;
  private catchingUp?: Promise<void>;

  readonly state = signal<'loading' | 'ready' | 'error'>('loading');
  /** Why the last thing that was asked for did not come; undefined when all is well. */
  readonly trouble = signal<ApiError['code'] | undefined>(undefined);
  readonly timeline = signal<Timeline<MessageDto>>(emptyTimeline());
  /** Number of the newest message in the room, loaded or not. */
  readonly lastSeq = signal(0);
  readonly loadingOlder = signal(false);
  readonly loadingNewer = signal(false);
  readonly hasOlder = computed(() => this.timeline().first > 1);
  /** Whether the timeline reaches the end of the room. */
  readonly live = computed(() => this.timeline().last >= this.lastSeq());
  readonly pending = computed(() => this.outbox.of(this.roomId()));

  constructor() {
    const destroyRef = inject(DestroyRef);
    this.realtime
      .on('chat:posted')
      .pipe(takeUntilDestroyed(destroyRef))
      .subscribe((m) => this.posted(m));
    this.realtime
      .on('chat:changed')
      .pipe(takeUntilDestroyed(destroyRef))
      .subscribe((m) => this.changed(m));
    effect(() => {
      const known = new Set(this.timeline().messages.map((m) => m.id));
      const stored = this.pending().filter((e) => known.has(e.id));
      if (stored.length > 0) untracked(() => this.outbox.forget(new Set(stored.map((e) => e.id))));
    });
  }

  /** Loads the room, or after a reconnect what was missed. Call it with each answer to `room:open`. */
  async sync(standing: Standing): Promise<void> {
    this.roomId.set(standing.id);
    this.lastSeq.update((seq) => Math.max(seq, standing.lastSeq));
    if (this.state() !== 'ready') return this.load(standing);
    const behind = this.lastSeq() - this.timeline().last;
    if (standing.revision > this.revision) await this.attempt(() => this.fetchChanges(this.revision));
    if (behind > 0 && behind <= CATCH_UP_MAX) await this.catchUp();
  }

  /** The page before the first message. */
  async loadOlder(): Promise<void> {
    if (this.loadingOlder() || !this.hasOlder() || this.state() !== 'ready') return;
    this.loadingOlder.set(true);
    await this.attempt(async () => {
      const before = this.timeline().first;
      const page = await this.fetchPage({ before, limit: PAGE });
      if (this.timeline().first !== before) return;
      this.timeline.update((t) => prepend(t, page.messages));
      await this.fetchChangesSince(page);
    });
    this.loadingOlder.set(false);
  }

  /** The page after the last message, while the end of the room is not loaded. */
  async loadNewer(): Promise<void> {
    if (this.loadingNewer() || this.live() || this.state() !== 'ready') return;
    this.loadingNewer.set(true);
    await this.attempt(() => this.fetchNewer());
    this.loadingNewer.set(false);
  }

  /** Leaves the stretch that is loaded and starts anew at the end of the room. */
  async jumpToLatest(): Promise<void> {
    if (!this.live()) await this.attempt(() => this.startAt({ limit: PAGE }));
  }

  send(text: string): void {
    this.outbox.add(this.roomId(), text);
  }

  retry(id: string): void {
    this.outbox.retry(id);
  }

  discard(id: string): void {
    this.outbox.forget(new Set([id]));
  }

  /** The changed message comes back as an event, to this device as to all others. */
  async edit(id: string, text: string): Promise<void> {
    await this.realtime.send('chat:edit', { roomId: this.roomId(), id, text });
  }

  async delete(id: string): Promise<void> {
    await this.realtime.send('chat:delete', { roomId: this.roomId(), id });
  }

  private async load(standing: Standing): Promise<void> {
    this.state.set('loading');
    const manyNew = standing.unread > PAGE;
    const from = manyNew ? { after: Math.max(0, standing.readSeq - PAGE / 2), limit: LONG_PAGE } : { limit: PAGE };
    const loaded = await this.attempt(() => this.startAt(from));
    this.state.set(loaded ? 'ready' : 'error');
    if (loaded && !manyNew) await this.catchUp();
  }

  private async startAt(range: Range): Promise<void> {
    const page = await this.fetchPage(range);
    const start = page.messages[0]?.seq ?? page.lastSeq + 1;
    this.timeline.set(receive(emptyTimeline<MessageDto>(start - 1), page.messages));
    this.revision = Math.max(this.revision, page.revision);
    await this.fetchChangesSince(page);
  }

  private posted(message: MessageDto): void {
    if (message.roomId !== this.roomId()) return;
    const wasLive = this.live();
    this.lastSeq.update((seq) => Math.max(seq, message.seq));
    if (this.state() !== 'ready' || !wasLive) return;
    this.timeline.update((t) => receive(t, [message]));
    if (hasGap(this.timeline())) void this.catchUp();
  }

  private changed(message: MessageDto): void {
    if (message.roomId !== this.roomId() || this.state() !== 'ready') return;
    const missedOne = message.revision > this.revision + 1;
    const from = this.revision;
    this.takeChanges([message]);
    if (missedOne) void this.attempt(() => this.fetchChanges(from));
  }

  /** Messages outside the loaded stretch come in their newest form with their page. */
  private takeChanges(messages: readonly MessageDto[]): void {
    this.timeline.update((t) =>
      receive(
        t,
        messages.filter((m) => m.seq <= t.last),
      ),
    );
    this.revision = messages.reduce((revision, m) => Math.max(revision, m.revision), this.revision);
  }

  /** Fetches up to the end of the room; asked again meanwhile, the running one does it. */
  private catchUp(): Promise<void> {
    this.catchingUp ??= (async () => {
      await this.attempt(async () => {
        while (this.timeline().last < this.lastSeq() && (await this.fetchNewer()));
      });
      this.catchingUp = undefined;
    })();
    return this.catchingUp;
  }

  /** @returns whether the page brought anything */
  private async fetchNewer(): Promise<boolean> {
    const after = this.timeline().last;
    const page = await this.fetchPage({ after, limit: LONG_PAGE });
    this.timeline.update((t) => receive(t, page.messages));
    await this.fetchChangesSince(page);
    return this.timeline().last > after;
  }

  /** A page may be older than a change whose event passed while the page was under way. */
  private async fetchChangesSince(page: MessagesDto): Promise<void> {
    if (page.revision < this.revision) await this.fetchChanges(page.revision);
  }

  private async fetchChanges(from: number): Promise<void> {
    for (let after = from; ;) {
      const query = { after, limit: LONG_PAGE };
      const page = await this.api.get<MessagesDto>(`/rooms/${this.roomId()}/messages/changes`, query);
      this.takeChanges(page.messages);
      if (page.messages.length < LONG_PAGE) {
        this.revision = Math.max(this.revision, page.revision);
        return;
      }
      after = Math.max(...page.messages.map((m) => m.revision));
    }
  }

  private async fetchPage(range: Range): Promise<MessagesDto> {
    const page = await this.api.get<MessagesDto>(`/rooms/${this.roomId()}/messages`, { ...range });
    this.lastSeq.update((seq) => Math.max(seq, page.lastSeq));
    return page;
  }

  private async attempt(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      this.trouble.set(undefined);
      return true;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.trouble.set(error.code);
      return false;
    }
  }
}
