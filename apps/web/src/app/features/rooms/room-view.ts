import { BreakpointObserver } from '@angular/cdk/layout';
import { NgTemplateOutlet } from '@angular/common';
import { afterRenderEffect, Component, computed, effect, ElementRef, inject, input, untracked } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { RouterLink } from '@angular/router';
import { map } from 'rxjs';
import { CallSession } from '../../state/call/call-session';
import { ErrorTexts } from '../../core/text/errors';
import { I18n } from '../../core/text/i18n';
import { Knocking } from '../../state/call/knocking';
import { PageTitle } from '../../core/text/page-title';
import { Rings } from '../../state/rings/rings';
import { ROOM_PARTS } from '../../widgets/room-parts';
import { RoomStore } from '../../state/rooms/room-store';
import { CallEntry } from '../../flows/call-entry';
import { Button } from '../../ui/forms/button';
import { EmptyState } from '../../ui/feedback/empty-state';
import { ErrorState } from '../../ui/feedback/error-state';
import { Icon } from '../../ui/display/icon';
import { Skeleton } from '../../ui/feedback/skeleton';
import { MembersPanel } from './members-panel';
import { RoomHeader } from './room-header';
import { RoomSettings } from './room-settings';
import { RoomSlot } from './room-slot';

/** One room: its chat, its call, and the panels beside them. */
@Component({
  selector: 'wc-room-view',
  imports: [
    Button,
    EmptyState,
    ErrorState,
    Icon,
    MembersPanel,
    NgTemplateOutlet,
    RoomHeader,
    RoomSettings,
    RoomSlot,
    RouterLink,
    Skeleton,
  ],
  providers: [RoomStore],
  templateUrl: './room-view.html',
  styleUrl: './room-view.scss',
  host: { '(document:keydown.escape)': 'onEscape($event)' },
})
export class RoomView {
  private readonly session = inject(CallSession);
  private readonly knocking = inject(Knocking);
  private readonly errors = inject(ErrorTexts);
  private readonly title = inject(PageTitle);
  private readonly rings = inject(Rings);
  private readonly entry = inject(CallEntry);
  private readonly parts = inject(ROOM_PARTS);
  private readonly page = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  protected readonly room = inject(RoomStore);
  protected readonly t = inject(I18n).t;

  readonly roomId = input.required<string>();
  protected readonly wide = toSignal(
    inject(BreakpointObserver)
      .observe('(min-width: 1024px)')
      .pipe(map(({ matches }) => matches)),
    { initialValue: matchMedia('(min-width: 1024px)').matches },
  );
  protected readonly inCall = computed(() => this.session.active()?.roomId === this.roomId());
  /** The call has the stage, and the chat becomes a panel. */
  protected readonly staged = computed(() => this.inCall() || this.room.lobby() || this.outside() || this.unanswered());
  /** The other one of a direct room was called and did not come. */
  private readonly unanswered = computed(() => this.rings.outcome()?.roomId === this.roomId());
  /** At the door of the call, or taken out of it. */
  private readonly outside = computed(() => {
    const ended = this.session.ended();
    const removed = ended?.why === 'removed' && ended.roomId === this.roomId();
    return removed || this.knocking.at()?.roomId === this.roomId();
  });
  protected readonly why = computed(() => this.errors.of(this.room.error()));

  constructor() {
    effect(() => {
      const id = this.roomId();
      untracked(() => void this.room.open(id));
    });
    effect(() => {
      // So that whoever joins the call does not wait for its code too.
      if (this.room.state() === 'ready') void this.parts.call().catch(warnOfLateCode);
    });
    effect(() => {
      const name = this.room.room()?.name;
      if (name) this.title.set(() => name);
      else if (this.room.state() === 'shut') this.title.set((t) => t.rooms.shutTitle);
      else if (this.room.state() !== 'loading') this.title.set((t) => t.rooms.notFoundTitle);
    });
    effect(() => {
      const [staged, inCall] = [this.staged(), this.inCall()];
      untracked(() => this.arrange(staged, inCall));
    });
    effect(() => {
      // In a window that has become narrow there is no space for both, unless the call makes some.
      if (this.staged() && !this.inCall() && !this.wide()) untracked(() => this.room.panel.set(null));
    });
    let wasInCall = false;
    effect(() => {
      const inCall = this.inCall();
      if (inCall) this.room.lobby.set(false);
      this.room.backFromCall.set(wasInCall && !inCall);
      wasInCall = inCall;
    });
    effect(() => {
      if (this.outside()) this.room.lobby.set(false);
    });
    effect(() => {
      if (this.entry.lobby() !== this.roomId()) return;
      this.entry.lobby.set(null);
      this.room.lobby.set(true);
    });
    afterRenderEffect(() => {
      if (this.room.asked() > 0) untracked(() => this.focus(`[data-panel="${this.room.panel()}"]`));
    });
  }

  /** The focus goes back to the button that opens the panel. */
  protected closePanel(): void {
    const closed = this.room.panel();
    this.room.panel.set(this.inCall() && this.wide() && closed !== 'chat' ? 'chat' : null);
    this.focus(`[data-opens="${closed}"]`);
  }

  /** Closes what is open, one thing at a time. Dialogs, menus and the editing of a message take their Escape before. */
  protected onEscape(event: Event): void {
    const elsewhere = event.target instanceof Element && event.target.closest('[role=dialog], [role=menu]');
    if (event.defaultPrevented || elsewhere) return;
    if (this.room.panel() !== null) this.closePanel();
    else if (this.room.lobby()) this.room.lobby.set(false);
    else if (this.knocking.at()) void this.knocking.leave();
    else if (this.unanswered()) this.rings.outcome.set(null);
    else return;
    event.preventDefault();
  }

  private focus(selector: string): void {
    this.page.querySelector<HTMLElement>(selector)?.focus();
  }

  /** Beside the call there is the chat where there is space for it; the lobby has the page to itself. */
  private arrange(staged: boolean, inCall: boolean): void {
    const panel = this.room.panel();
    if (inCall && this.wide() && panel === null) this.room.panel.set('chat');
    if (staged && !this.wide()) this.room.panel.set(null);
    if (!staged && panel === 'chat') this.room.panel.set(null);
  }
}

/** The slot of the call asks for it again, and says it to the person then. */
function warnOfLateCode(error: unknown): void {
  console.warn('The code of calls could not be loaded ahead', error);
}
