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
import type { MessageDto } from '@webcall/contracts';
import { CallSession } from '../../state/call/call-session';
import { Formats } from '../../core/text/formats';
import { I18n } from '../../core/text/i18n';
import { RoomStore } from '../../state/rooms/room-store';
import { Session } from '../../core/session/session';
import { CallEntry } from '../../flows/call-entry';
import { Button } from '../../ui/forms/button';
import { EmptyState } from '../../ui/feedback/empty-state';
import { Icon } from '../../ui/display/icon';
import { Skeleton } from '../../ui/feedback/skeleton';
import { EntryRowView } from './entry-row';
import { MessageRowView, type MessageRights } from './message-row';
import { ReadMarker } from '../../state/chat/read-marker';
import { rowsOf, type Row } from './rows';
import { ScrollKeeper } from './scroll-keeper';
import { TimelineStore } from '../../state/chat/timeline-store';

/** History is loaded when the reader comes this near to an end of it, in pixels. */
const AHEAD = 800;
const QUIET_MS = 1000;
const NO_RIGHTS: MessageRights = { edit: false, delete: false };

/** The messages of a room, from the oldest loaded to what is on its way. */
@Component({
  selector: 'wc-message-list',
  imports: [Button, EmptyState, EntryRowView, Icon, MessageRowView, Skeleton],
  templateUrl: './message-list.html',
  styleUrl: './message-list.scss',
})
export class MessageList {
  protected readonly store = inject(TimelineStore);
  protected readonly formats = inject(Formats);
  private readonly marker = inject(ReadMarker);
  protected readonly room = inject(RoomStore);
  private readonly entry = inject(CallEntry);
  private readonly calls = inject(CallSession);
  private readonly session = inject(Session);
  private readonly i18n = inject(I18n);
  private readonly scroller = viewChild.required<ElementRef<HTMLElement>>('scroller');
  private readonly content = viewChild.required<ElementRef<HTMLElement>>('content');
  private readonly keeper = new ScrollKeeper();
  private speaking?: ReturnType<typeof setTimeout>;
  protected readonly t = this.i18n.t;

  readonly edit = output<MessageDto>();
  readonly delete = output<MessageDto>();

  protected readonly self = computed(() => this.session.user() ?? { id: '', username: '' });
  protected readonly rows = computed(() =>
    rowsOf({
      messages: this.store.timeline().messages,
      pending: this.store.pending(),
      selfId: this.self().id,
      newAfter: this.marker.newAfter(),
    }),
  );
  protected readonly direct = computed(() => this.room.room()?.kind === 'direct');
  /** Whether the other one of a direct room can be called at the moment. */
  protected readonly callable = computed(
    () => this.direct() && !this.room.room()?.closed && this.calls.active()?.roomId !== this.room.id(),
  );
  protected readonly empty = computed(() => this.rows().length === 0);
  /** Nobody else is in the room yet, and it is up to the user to change that. */
  protected readonly lonely = computed(() => this.room.may('invitation:create') && this.room.room()?.memberCount === 1);
  private readonly lastOwnSeq = computed(
    () =>
      this.store.timeline().messages.findLast((m) => m.authorId === this.self().id && m.content.type === 'text')?.seq,
  );
  protected readonly atEnd = signal(true);
  protected readonly newCount = computed(() => Math.max(0, this.store.lastSeq() - this.marker.readSeq()));
  /** While history comes in, which nobody wants to have read out. */
  protected readonly quiet = signal(true);
  /** Key of the message whose buttons are shown. */
  protected readonly active = signal<string | null>(null);

  constructor() {
    // Runs before the page takes the new rows in, the render effect right after.
    effect(() => {
      this.rows();
      untracked(() => this.keeper.remember());
    });
    afterRenderEffect(() => {
      this.rows();
      if (this.store.state() === 'ready') untracked(() => this.settle());
    });
    afterRenderEffect((onCleanup) => {
      const [scroller, content] = [this.scroller().nativeElement, this.content().nativeElement];
      this.keeper.attach(scroller, content);
      const resized = new ResizeObserver(() => this.settle());
      resized.observe(scroller);
      resized.observe(content);
      onCleanup(() => resized.disconnect());
    });
    const shown = (): void => this.look();
    document.addEventListener('visibilitychange', shown);
    inject(DestroyRef).onDestroy(() => {
      document.removeEventListener('visibilitychange', shown);
      clearTimeout(this.speaking);
    });
  }

  /** To the newest message, wherever the reader is. */
  async toEnd(): Promise<void> {
    await this.store.jumpToLatest();
    this.keeper.stickToEnd();
    this.settle();
  }

  protected onScroll(): void {
    this.keeper.remember();
    this.look();
  }

  protected rights(row: Row): MessageRights {
    if (row.kind !== 'message' || row.message.content.type === 'deleted') return NO_RIGHTS;
    const own = row.message.authorId === this.self().id;
    return { edit: own && this.room.may('message:edit-own'), delete: own || this.room.may('message:delete-any') };
  }

  protected call(): void {
    void this.entry.call(this.room.id());
  }

  protected isLastOwn(row: Row): boolean {
    return row.kind === 'message' && row.message.seq === this.lastOwnSeq();
  }

  /** Arrow keys go from message to message, so that their buttons are within reach of the keyboard. */
  protected move(event: Event, step: -1 | 1): void {
    const articles = [...this.content().nativeElement.querySelectorAll<HTMLElement>('[role=article]')];
    const current = articles.indexOf(document.activeElement as HTMLElement);
    const next = current === -1 ? articles.at(-1) : articles[Math.max(0, current + step)];
    if (!next) return;
    event.preventDefault();
    next.focus();
  }

  protected leave(event: FocusEvent): void {
    const to = event.relatedTarget;
    if (!(to instanceof Node) || !this.content().nativeElement.contains(to)) this.active.set(null);
  }

  private settle(): void {
    const line = this.content().nativeElement.querySelector<HTMLElement>('[data-new-line]');
    this.keeper.restore(line);
    this.look();
  }

  /** What the position means: what was read, and whether more is to be loaded. */
  private look(): void {
    if (this.store.state() !== 'ready') return;
    const { above, below } = this.keeper.distances();
    this.atEnd.set(below < 40 && this.store.live());
    if (document.visibilityState === 'visible') {
      const seen = this.keeper.lastVisible();
      if (seen) this.marker.seen(Number(seen.dataset['seq']));
    }
    if (this.store.trouble()) return;
    if (above < AHEAD && this.store.hasOlder()) void this.quietly(() => this.store.loadOlder());
    if (below < AHEAD && !this.store.live()) void this.quietly(() => this.store.loadNewer());
    else if (this.quiet()) this.speakUp();
  }

  private async quietly(load: () => Promise<void>): Promise<void> {
    this.quiet.set(true);
    await load();
    this.speakUp();
  }

  /** Once the page has taken in what was loaded. */
  private speakUp(): void {
    clearTimeout(this.speaking);
    this.speaking = setTimeout(() => this.quiet.set(false), QUIET_MS);
  }
}
