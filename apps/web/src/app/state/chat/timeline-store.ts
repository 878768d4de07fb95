import { computed, DestroyRef, effect, inject, Injectable, signal, untracked } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import type { MessageDto, MessagesDto, RoomDto } from '@webcall/contracts';
import { emptyTimeline, prepend, receive, type Timeline } from '@webcall/domain';
import { ApiClient } from '../../core/net/api-client';
import { type ApiError, isApiError, isPassing } from '../../core/net/api-error';
import { Names } from '../people/names';
import { RealtimeClient } from '../../core/net/realtime-client';
import { Retry } from '../../core/net/retry';
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
  private readonly names = inject(Names);
  private readonly again = new Retry(() => void this.renew());
  private readonly stored = signal<Timeline<MessageDto>>(emptyTimeline());
  private readonly standing = signal<Standing | null>(null);
  private readonly roomId = computed(() => this.standing()?.id ?? '');
  /** Every change of a loaded message up to this revision is in the timeline. */
  private revision = 0;
  /** The newest change in the room, taken in or not. */
  private lastRevision = 0;
  private renewing?: Promise<void>;
  /** Whether it is to reach the end of the room; otherwise the reader scrolls there. */
  private following = true;

  readonly state = signal<'loading' | 'ready' | 'error'>('loading');
  /** Why the last thing that was asked for did not come; undefined when all is well. */
  readonly trouble = signal<ApiError['code'] | undefined>(undefined);
  /** With everybody's name as it is now. */
  readonly timeline = computed<Timeline<MessageDto>>(() => {
    const timeline = this.stored();
    return { ...timeline, messages: timeline.messages.map((message) => this.names.message(message)) };
  });
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

  /**
   * Loads the room, or after a reconnect what was missed; what fails and may pass is tried again. Call it with each
   * answer to `room:open`.
   */
  async sync(standing: Standing): Promise<void> {
    this.standing.set(standing);
    this.lastSeq.update((seq) => Math.max(seq, standing.lastSeq));
    this.lastRevision = Math.max(this.lastRevision, standing.revision);
    if (this.state() === 'error') this.state.set('loading');
    if (this.state() === 'ready') this.following = this.lastSeq() - this.timeline().last <= CATCH_UP_MAX;
    await this.renew();
  }

  /** The page before the first message. */
  async loadOlder(): Promise<void> {
    if (this.loadingOlder() || !this.hasOlder() || this.state() !== 'ready') return;
    this.loadingOlder.set(true);
    await this.attempt(async () => {
      const before = this.timeline().first;
      const page = await this.fetchPage({ before, limit: PAGE });
      if (this.timeline().first !== before) return;
      this.stored.update((t) => prepend(t, page.messages));
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
    if (!this.live()) await this.renewing;
    if (this.live()) return;
    // A message that comes while the page is on its way is not in it.
    if (await this.attempt(() => this.startAt({ limit: PAGE }))) await this.renew();
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

  private posted(message: MessageDto): void {
    if (message.roomId !== this.roomId()) return;
    this.lastSeq.update((seq) => Math.max(seq, message.seq));
    if (this.state() !== 'ready' || !this.following) return;
    this.stored.update((t) => receive(t, [message]));
    if (!this.live()) void this.renew();
  }

  private changed(message: MessageDto): void {
    if (message.roomId !== this.roomId()) return;
    this.lastRevision = Math.max(this.lastRevision, message.revision);
    if (this.state() !== 'ready') return;
    this.take([message]);
    if (message.revision === this.revision + 1) this.revision = message.revision;
    if (this.missesChanges()) void this.renew();
  }

  /** Messages outside the loaded stretch come in their newest form with their page. */
  private take(changed: readonly MessageDto[]): void {
    this.stored.update((t) =>
      receive(
        t,
        changed.filter((m) => m.seq <= t.last),
      ),
    );
  }

  private missesChanges(): boolean {
    return this.revision < this.lastRevision;
  }

  private missesMessages(): boolean {
    return this.following && !this.live();
  }

  /** Fetches all that is missing; asked again meanwhile, the running one does it. */
  private renew(): Promise<void> {
    this.renewing ??= this.fetchMissing().finally(() => (this.renewing = undefined));
    return this.renewing;
  }

  private async fetchMissing(): Promise<void> {
    const done = await this.attempt(async () => {
      if (this.state() !== 'ready') await this.start();
      while ((await this.fetchMissedChanges()) || (await this.fetchMissed()));
    });
    if (done) this.again.reset();
    else if (this.state() === 'loading') this.state.set('error');
  }

  /** Begins at the end, or where the reader has left off when much is new; from there they scroll. */
  private async start(): Promise<void> {
    const { unread = 0, readSeq = 0 } = this.standing() ?? {};
    const manyNew = unread > PAGE;
    await this.startAt(manyNew ? { after: Math.max(0, readSeq - PAGE / 2), limit: LONG_PAGE } : { limit: PAGE });
    this.state.set('ready');
  }

  private async startAt(range: Range): Promise<void> {
    const page = await this.fetchPage(range);
    const start = page.messages[0]?.seq ?? page.lastSeq + 1;
    this.stored.set(receive(emptyTimeline<MessageDto>(start - 1), page.messages));
    this.following = range.after === undefined || this.live();
    this.revision = page.revision;
    await this.fetchChangesSince(page);
  }

  /** @returns whether there were any */
  private async fetchMissedChanges(): Promise<boolean> {
    const before = this.revision;
    if (this.missesChanges()) await this.fetchChanges();
    return this.revision > before;
  }

  /** @returns whether there were any */
  private async fetchMissed(): Promise<boolean> {
    return this.missesMessages() && (await this.fetchNewer());
  }

  /** @returns whether the page brought anything */
  private async fetchNewer(): Promise<boolean> {
    const after = this.timeline().last;
    const page = await this.fetchPage({ after, limit: LONG_PAGE });
    this.stored.update((t) => receive(t, page.messages));
    this.following ||= this.live();
    await this.fetchChangesSince(page);
    return this.timeline().last > after;
  }

  /** A page may be older than a change whose event passed while the page was under way. */
  private async fetchChangesSince(page: MessagesDto): Promise<void> {
    if (page.revision >= this.lastRevision) return;
    this.revision = Math.min(this.revision, page.revision);
    await this.fetchChanges();
  }

  private async fetchChanges(): Promise<void> {
    for (let more = true; more;) {
      const query = { after: this.revision, limit: LONG_PAGE };
      const page = await this.api.get<MessagesDto>(`/rooms/${this.roomId()}/messages/changes`, query);
      this.take(page.messages);
      more = page.messages.length === LONG_PAGE;
      this.revision = Math.max(this.revision, more ? Math.max(...page.messages.map((m) => m.revision)) : page.revision);
    }
  }

  private async fetchPage(range: Range): Promise<MessagesDto> {
    const page = await this.api.get<MessagesDto>(`/rooms/${this.roomId()}/messages`, { ...range });
    this.lastSeq.update((seq) => Math.max(seq, page.lastSeq));
    this.names.learn(page.messages);
    return page;
  }

  /** What is missing after a failure that may pass is tried again. @returns whether it worked */
  private async attempt(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      this.trouble.set(undefined);
      return true;
    } catch (error) {
      if (!isApiError(error)) throw error;
      this.trouble.set(error.code);
      const missing = this.state() !== 'ready' || this.missesChanges() || this.missesMessages();
      if (missing && isPassing(error)) this.again.later();
      return false;
    }
  }
}
