import {
  afterRenderEffect,
  Component,
  computed,
  DestroyRef,
  effect,
  type ElementRef,
  inject,
  linkedSignal,
  output,
  signal,
  untracked,
  viewChild,
} from '@angular/core';
import { editableTextOf, isPostedContent } from '@webcall/domain';
import { Session } from '../../core/session/session';
import { I18n } from '../../core/text/i18n';
import { CallEntry } from '../../flows/call-entry';
import { CallSession } from '../../state/call/call-session';
import type { PlainMessage } from '../../state/chat/message-intake';
import { ReadMarker } from '../../state/chat/read-marker';
import { TimelineStore } from '../../state/chat/timeline-store';
import { RoomStore } from '../../state/rooms/room-store';
import { Icon } from '../../ui/display/icon';
import { EmptyState } from '../../ui/feedback/empty-state';
import { Skeleton } from '../../ui/feedback/skeleton';
import { Button } from '../../ui/forms/button';
import { buildChatRows, type ChatRow, type ChatRowBlock, type ChatRowSources, groupIntoBlocks } from './chat-rows';
import { MessageBlock } from './message-block';
import type { MessageRights } from './message-row';
import { ScrollAnchoring } from './scroll-anchoring';

/** More messages are loaded when the reader scrolls this near to an end of the list, in pixels. */
const LOAD_AHEAD_PX = 800;
const ANNOUNCE_DELAY_MS = 1000;

/**
 * The scrolling list of a room's messages, from the oldest loaded one to those being sent. It has some 300 of them at
 * most: it tells the timeline what the reader sees, and that keeps what is near to it.
 */
@Component({
  selector: 'wc-message-list',
  imports: [Button, EmptyState, Icon, MessageBlock, Skeleton],
  templateUrl: './message-list.html',
  styleUrl: './message-list.scss',
})
export class MessageList {
  protected readonly store = inject(TimelineStore);
  private readonly marker = inject(ReadMarker);
  protected readonly room = inject(RoomStore);
  private readonly entry = inject(CallEntry);
  private readonly calls = inject(CallSession);
  private readonly session = inject(Session);
  private readonly i18n = inject(I18n);
  private readonly scroller = viewChild.required<ElementRef<HTMLElement>>('scroller');
  private readonly content = viewChild.required<ElementRef<HTMLElement>>('content');
  private readonly scrollAnchoring = new ScrollAnchoring();
  private announceTimer?: ReturnType<typeof setTimeout>;
  protected readonly t = this.i18n.t;

  readonly edit = output<PlainMessage>();
  readonly delete = output<PlainMessage>();

  protected readonly self = computed(() => this.session.user() ?? { id: '', username: '' });
  protected readonly rows = linkedSignal<ChatRowSources, readonly ChatRow[]>({
    source: () => ({
      messages: this.store.timeline().messages,
      pending: this.store.pending(),
      selfId: this.self().id,
      newAfter: this.marker.newAfter(),
    }),
    computation: (sources, before) => buildChatRows(sources, before?.value),
  }).asReadonly();
  protected readonly blocks = linkedSignal<readonly ChatRow[], readonly ChatRowBlock[]>({
    source: this.rows,
    computation: (rows, before) => groupIntoBlocks(rows, before?.value),
  }).asReadonly();
  protected readonly direct = computed(() => this.room.room()?.kind === 'direct');
  /** Whether the peer of a direct room can be called at the moment. */
  protected readonly callable = computed(
    () => this.direct() && !this.room.room()?.closed && this.calls.active()?.roomId !== this.room.id(),
  );
  protected readonly empty = computed(() => this.rows().length === 0);
  /** The user is the only member and may invite others. */
  protected readonly lonely = computed(
    () => this.room.canPerformAction('invitation:create') && this.room.room()?.memberCount === 1,
  );
  /** Key of the row that shows that the user's last message was sent; undefined while the end is not loaded. */
  protected readonly lastOwnKey = computed(() => {
    if (!this.store.following()) return undefined;
    return this.store.timeline().messages.findLast((m) => m.authorId === this.self().id && isPostedContent(m.content))
      ?.id;
  });
  protected readonly atEnd = signal(true);
  protected readonly newCount = computed(() => Math.max(0, this.store.lastSeq() - this.marker.readSeq()));
  /** While history loads, because screen readers should not read it out. */
  protected readonly announcingPaused = signal(true);
  /** Key of the message whose buttons are shown. */
  protected readonly active = signal<string | null>(null);
  protected readonly activeRights = computed(() => this.messageRightsOf(this.active()));
  private focused = false;

  constructor() {
    // This effect runs before the new rows are rendered, the render effect right after.
    effect(() => {
      this.rows();
      untracked(() => this.scrollAnchoring.recordScrollAnchor());
      this.focused = this.content().nativeElement.contains(document.activeElement);
    });
    afterRenderEffect(() => {
      this.rows();
      if (this.store.state() !== 'ready') return;
      untracked(() => this.settleScrollPosition());
      // The focused message was dropped: the arrow keys go on from the list.
      if (this.focused && document.activeElement === document.body)
        this.scroller().nativeElement.focus({ preventScroll: true });
    });
    afterRenderEffect((onCleanup) => {
      const [scroller, content] = [this.scroller().nativeElement, this.content().nativeElement];
      this.scrollAnchoring.attachScroller(scroller, content);
      // It tells of the size that new rows gave to the list, too, for which they have settled it.
      const resized = new ResizeObserver(() => {
        if (!this.scrollAnchoring.isSettled) this.settleScrollPosition();
      });
      resized.observe(scroller);
      resized.observe(content);
      // A listener of the template would have all rows checked for changes at each step.
      const handleScroll = (): void => this.handleListScroll();
      scroller.addEventListener('scroll', handleScroll, { passive: true });
      onCleanup(() => {
        resized.disconnect();
        scroller.removeEventListener('scroll', handleScroll);
      });
    });
    const handleVisibility = (): void => this.applyScrollPosition();
    document.addEventListener('visibilitychange', handleVisibility);
    inject(DestroyRef).onDestroy(() => {
      document.removeEventListener('visibilitychange', handleVisibility);
      clearTimeout(this.announceTimer);
    });
  }

  /** Scrolls to the newest message and loads it if needed. */
  async jumpToNewestMessage(): Promise<void> {
    await this.store.jumpToLatest();
    this.scrollAnchoring.stickToListEnd();
    this.settleScrollPosition();
  }

  /** The key scrolls to the end of what is loaded, unless the room goes on behind it. */
  protected jumpBeyondLoadedEnd(event: Event): void {
    if (this.store.following()) return;
    event.preventDefault();
    void this.jumpToNewestMessage();
  }

  /** @returns the key if its row is in the block */
  protected keyWithin({ rows }: ChatRowBlock, key: string | null | undefined): string | null {
    return rows.some((row) => row.key === key) ? (key ?? null) : null;
  }

  protected callRoomPeer(): void {
    void this.entry.startOrJoinRoomCall(this.room.id());
  }

  /** Arrow keys move the focus between messages, beginning at the last one that is visible. */
  protected moveMessageFocus(event: Event, step: -1 | 1): void {
    const articles = [...this.content().nativeElement.querySelectorAll<HTMLElement>('[role=article]')];
    const current = articles.indexOf(document.activeElement as HTMLElement);
    const next = current === -1 ? this.lastVisibleOf(articles) : articles[Math.max(0, current + step)];
    if (!next) return;
    event.preventDefault();
    next.focus();
  }

  protected handleFocusOut(event: FocusEvent): void {
    const to = event.relatedTarget;
    if (!(to instanceof Node) || !this.content().nativeElement.contains(to)) this.active.set(null);
  }

  private lastVisibleOf(articles: HTMLElement[]): HTMLElement | undefined {
    const seq = this.atEnd() ? undefined : this.scrollAnchoring.visibleMessages()?.read;
    return articles.find((article) => article.dataset['seq'] === String(seq)) ?? articles.at(-1);
  }

  private messageRightsOf(key: string | null): MessageRights | null {
    const row = this.rows().find((each) => each.key === key);
    if (row?.kind !== 'message' || !isPostedContent(row.message.content)) return null;
    const own = row.message.authorId === this.self().id;
    const may = {
      edit: own && editableTextOf(row.message.content) !== null && this.room.canPerformAction('message:edit-own'),
      delete: own || this.room.canPerformAction('message:delete-any'),
    };
    return may.edit || may.delete ? may : null;
  }

  private handleListScroll(): void {
    this.scrollAnchoring.recordScrollAnchor();
    this.applyScrollPosition();
  }

  private settleScrollPosition(): void {
    this.scrollAnchoring.restoreScrollAnchor(this.store.following());
    this.applyScrollPosition();
  }

  /** Marks visible messages as read, and keeps messages loaded around them. */
  private applyScrollPosition(): void {
    const distances = this.scrollAnchoring.distancesToEdges();
    // A list that is hidden, as behind a call, shows nothing to its reader.
    if (this.store.state() !== 'ready' || !distances) return this.marker.setReadsAlong(false);
    const { above, below } = distances;
    this.atEnd.set(below < 40 && this.store.live());
    this.marker.setReadsAlong(this.atEnd());
    const visible = this.scrollAnchoring.visibleMessages();
    if (visible) {
      const { first, last, read } = visible;
      if (read !== undefined && document.visibilityState === 'visible') this.marker.markSeenUpTo(read);
      this.store.dropMessagesFarFrom(first, last);
    }
    if (above < LOAD_AHEAD_PX && this.store.hasOlder() && !this.store.hasTroubleAt('older'))
      void this.loadWithoutAnnouncing(() => this.store.loadOlderMessages());
    if (below < LOAD_AHEAD_PX && !this.store.live() && !this.store.hasTroubleAt('newer'))
      void this.loadWithoutAnnouncing(() => this.store.loadNewerMessages());
    else if (this.announcingPaused()) this.resumeAnnouncing();
  }

  private async loadWithoutAnnouncing(load: () => Promise<void>): Promise<void> {
    this.announcingPaused.set(true);
    await load();
    this.resumeAnnouncing();
  }

  /** Delayed, so that the loaded rows are rendered first. */
  private resumeAnnouncing(): void {
    clearTimeout(this.announceTimer);
    this.announceTimer = setTimeout(() => this.announcingPaused.set(false), ANNOUNCE_DELAY_MS);
  }
}
