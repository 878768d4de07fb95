import { BreakpointObserver } from '@angular/cdk/layout';
import { NgTemplateOutlet } from '@angular/common';
import { afterRenderEffect, Component, computed, effect, ElementRef, inject, input, untracked } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { RouterLink } from '@angular/router';
import { map } from 'rxjs';
import { ErrorTexts } from '../../core/text/error-texts';
import { I18n } from '../../core/text/i18n';
import { PageTitle } from '../../core/text/page-title';
import { CallEntry } from '../../flows/call-entry';
import { CallSession } from '../../state/call/call-session';
import { Knocking } from '../../state/call/knocking';
import { Rings } from '../../state/rings/rings';
import { RoomStore } from '../../state/rooms/room-store';
import { EmptyState } from '../../ui/feedback/empty-state';
import { ErrorState } from '../../ui/feedback/error-state';
import { Skeleton } from '../../ui/feedback/skeleton';
import { Button } from '../../ui/forms/button';
import { ROOM_PARTS } from '../../widgets/room-parts';
import { MembersPanel } from './members-panel';
import { RoomHeader } from './room-header';
import { RoomSettings } from './room-settings';
import { RoomSlot } from './room-slot';
import { RoomVisit } from './room-visit';

/** The view of one room: chat, call and side panels. */
@Component({
  selector: 'wc-room-view',
  imports: [
    Button,
    EmptyState,
    ErrorState,
    MembersPanel,
    NgTemplateOutlet,
    RoomHeader,
    RoomSettings,
    RoomSlot,
    RoomVisit,
    RouterLink,
    Skeleton,
  ],
  providers: [RoomStore],
  templateUrl: './room-view.html',
  styleUrl: './room-view.scss',
  host: { '(document:keydown.escape)': 'handleEscapeKey($event)' },
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
  /** The call takes the main area, and the chat becomes a panel. */
  protected readonly staged = computed(() => this.inCall() || this.room.lobby() || this.outside() || this.unanswered());
  /** The peer of a direct room was called and declined or did not answer. */
  private readonly unanswered = computed(() => this.rings.outcome()?.roomId === this.roomId());
  /** The user is at the door of the call or was removed from it. */
  private readonly outside = computed(() => {
    const ended = this.session.ended();
    const removed = ended?.why === 'removed' && ended.roomId === this.roomId();
    return removed || this.knocking.knockState()?.roomId === this.roomId();
  });
  protected readonly why = computed(() => this.errors.translateError(this.room.error()));

  constructor() {
    effect(() => {
      const id = this.roomId();
      untracked(() => void this.room.openRoomById(id));
    });
    effect(() => {
      // Loads the code of the call early, so that joining does not have to wait for it.
      if (this.room.state() === 'ready') void this.parts.call().catch(warnCallCodeNotLoaded);
    });
    effect(() => {
      const name = this.room.name();
      if (name) this.title.setPageName(() => name);
      else if (this.room.state() === 'shut') this.title.setPageName((t) => t.rooms.shutTitle);
      else if (this.room.state() !== 'loading') this.title.setPageName((t) => t.rooms.notFoundTitle);
    });
    effect(() => {
      const staged = this.staged();
      untracked(() => this.arrangePanels(staged));
    });
    effect(() => {
      // A window that became narrow has no space for both; only a running call can share it with a panel.
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
      if (this.room.panelOpenings() > 0) untracked(() => this.focusElement(`[data-panel="${this.room.panel()}"]`));
    });
  }

  /** Closes the panel and focuses the button that opens it. */
  protected closeRoomPanel(): void {
    const closed = this.room.panel();
    this.room.panel.set(null);
    this.focusElement(`[data-opens="${closed}"]`);
  }

  /** Closes one open part per key press. Dialogs, menus and message editing handle Escape first. */
  protected handleEscapeKey(event: Event): void {
    const isInOverlay = event.target instanceof Element && event.target.closest('[role=dialog], [role=menu]');
    if (event.defaultPrevented || isInOverlay) return;
    if (this.room.panel() !== null) this.closeRoomPanel();
    else if (this.room.lobby()) this.room.lobby.set(false);
    else if (this.knocking.knockState()) void this.knocking.leaveDoor();
    else if (this.unanswered()) this.rings.outcome.set(null);
    else return;
    event.preventDefault();
  }

  private focusElement(selector: string): void {
    this.page.querySelector<HTMLElement>(selector)?.focus();
  }

  /** A call begins with the whole page; beside it, the chat is a panel that people open. */
  private arrangePanels(staged: boolean): void {
    const panel = this.room.panel();
    if (staged ? !this.wide() : panel === 'chat') this.room.panel.set(null);
  }
}

/** Only logged: the room slot loads the code again and shows an error if that fails too. */
function warnCallCodeNotLoaded(error: unknown): void {
  console.warn('the code of calls could not be preloaded', error);
}
