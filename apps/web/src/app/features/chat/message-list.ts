import {
  afterRenderEffect,
  Component,
  computed,
  DestroyRef,
  effect,
  type ElementRef,
  inject,
  output,
  signal,
  untracked,
  viewChild,
} from '@angular/core';
import { editableTextOf, isPostedContent } from '@webcall/domain';
import { Session } from '../../core/session/session';
import { DateTimeFormats } from '../../core/text/date-time-formats';
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
import { buildChatRows, type ChatRow } from './chat-rows';
import { EntryRowView } from './entry-row';
import { type MessageRights, MessageRowView } from './message-row';
import { ScrollAnchoring } from './scroll-anchoring';

/** More messages are loaded when the reader scrolls this near to an end of the list, in pixels. */
const LOAD_AHEAD_PX = 800;
const ANNOUNCE_DELAY_MS = 1000;
const NO_RIGHTS: MessageRights = { edit: false, delete: false };

/** The scrolling list of a room's messages, from the oldest loaded one to those being sent. */
@Component({
  selector: 'wc-message-list',
  imports: [Button, EmptyState, EntryRowView, Icon, MessageRowView, Skeleton],
  templateUrl: './message-list.html',
  styleUrl: './message-list.scss',
})
export class MessageList {
  protected readonly store = inject(TimelineStore);
  protected readonly formats = inject(DateTimeFormats);
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
  protected readonly rows = computed(() =>
    buildChatRows({
      messages: this.store.timeline().messages,
      pending: this.store.pending(),
      selfId: this.self().id,
      newAfter: this.marker.newAfter(),
    }),
  );
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
  private readonly lastOwnSeq = computed(
    () =>
      this.store.timeline().messages.findLast((m) => m.authorId === this.self().id && isPostedContent(m.content))?.seq,
  );
  protected readonly atEnd = signal(true);
  protected readonly newCount = computed(() => Math.max(0, this.store.lastSeq() - this.marker.readSeq()));
  /** While history loads, because screen readers should not read it out. */
  protected readonly announcingPaused = signal(true);
  /** Key of the message whose buttons are shown. */
  protected readonly active = signal<string | null>(null);

  constructor() {
    // This effect runs before the new rows are rendered, the render effect right after.
    effect(() => {
      this.rows();
      untracked(() => this.scrollAnchoring.recordScrollAnchor());
    });
    afterRenderEffect(() => {
      this.rows();
      if (this.store.state() === 'ready') untracked(() => this.settleScrollPosition());
    });
    afterRenderEffect((onCleanup) => {
      const [scroller, content] = [this.scroller().nativeElement, this.content().nativeElement];
      this.scrollAnchoring.attachScroller(scroller, content);
      const resized = new ResizeObserver(() => this.settleScrollPosition());
      resized.observe(scroller);
      resized.observe(content);
      onCleanup(() => resized.disconnect());
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

  protected handleListScroll(): void {
    this.scrollAnchoring.recordScrollAnchor();
    this.applyScrollPosition();
  }

  protected messageRightsOf(row: ChatRow): MessageRights {
    if (row.kind !== 'message' || !isPostedContent(row.message.content)) return NO_RIGHTS;
    const own = row.message.authorId === this.self().id;
    return {
      edit: own && editableTextOf(row.message.content) !== null && this.room.canPerformAction('message:edit-own'),
      delete: own || this.room.canPerformAction('message:delete-any'),
    };
  }

  protected callRoomPeer(): void {
    void this.entry.startOrJoinRoomCall(this.room.id());
  }

  protected isLastOwnMessage(row: ChatRow): boolean {
    return row.kind === 'message' && row.message.seq === this.lastOwnSeq();
  }

  /** Arrow keys move the focus between messages, so that their buttons can be reached by keyboard. */
  protected moveMessageFocus(event: Event, step: -1 | 1): void {
    const articles = [...this.content().nativeElement.querySelectorAll<HTMLElement>('[role=article]')];
    const current = articles.indexOf(document.activeElement as HTMLElement);
    const next = current === -1 ? articles.at(-1) : articles[Math.max(0, current + step)];
    if (!next) return;
    event.preventDefault();
    next.focus();
  }

  protected handleFocusOut(event: FocusEvent): void {
    const to = event.relatedTarget;
    if (!(to instanceof Node) || !this.content().nativeElement.contains(to)) this.active.set(null);
  }

  private settleScrollPosition(): void {
    const line = this.content().nativeElement.querySelector<HTMLElement>('[data-new-line]');
    this.scrollAnchoring.restoreScrollAnchor(line);
    this.applyScrollPosition();
  }

  /** Marks visible messages as read, and loads more near the ends of the list. */
  private applyScrollPosition(): void {
    if (this.store.state() !== 'ready') return;
    const { above, below } = this.scrollAnchoring.distancesToEdges();
    this.atEnd.set(below < 40 && this.store.live());
    if (document.visibilityState === 'visible') {
      const seen = this.scrollAnchoring.lastVisibleMessage();
      if (seen) this.marker.markSeenUpTo(Number(seen.dataset['seq']));
    }
    if (this.store.trouble()) return;
    if (above < LOAD_AHEAD_PX && this.store.hasOlder())
      void this.loadWithoutAnnouncing(() => this.store.loadOlderMessages());
    if (below < LOAD_AHEAD_PX && !this.store.live())
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
