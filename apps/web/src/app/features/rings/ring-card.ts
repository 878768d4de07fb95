import { afterNextRender, Component, computed, DestroyRef, ElementRef, inject, input, signal } from '@angular/core';
import { createUuidV7 } from '@webcall/base';
import type { RingDto } from '@webcall/contracts';
import { isKeyboardTarget } from '../../core/browser/focus';
import { RealtimeClient } from '../../core/net/realtime-client';
import { I18n } from '../../core/text/i18n';
import { CallEntry } from '../../flows/call-entry';
import { FailureToasts } from '../../flows/failure-toasts';
import { CallSession } from '../../state/call/call-session';
import { Ringer } from '../../state/rings/ringer';
import { Rings } from '../../state/rings/rings';
import { Avatar } from '../../ui/display/avatar';
import { Icon } from '../../ui/display/icon';
import { Button } from '../../ui/forms/button';

let ringCardCount = 0;

/** The card of an incoming call: shows caller and room, and the buttons to answer. */
@Component({
  selector: 'wc-ring-card',
  imports: [Avatar, Button, Icon],
  templateUrl: './ring-card.html',
  styleUrl: './ring-card.scss',
  host: {
    role: 'alertdialog',
    tabindex: '-1',
    '[class.quiet]': 'inCall()',
    '[class.behind]': '!first()',
    '[attr.aria-labelledby]': "id + '-title'",
    'data-testid': 'ring-card',
  },
})
export class RingCard {
  private readonly rings = inject(Rings);
  private readonly entry = inject(CallEntry);
  private readonly call = inject(CallSession);
  private readonly realtime = inject(RealtimeClient);
  private readonly failures = inject(FailureToasts);
  protected readonly ringer = inject(Ringer);
  protected readonly t = inject(I18n).t;
  protected readonly id = `ring-${++ringCardCount}`;

  private readonly card = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;

  readonly ring = input.required<RingDto>();
  /** The front card when several calls ring. */
  readonly first = input(true);
  protected readonly replying = signal(false);
  protected readonly busy = signal(false);
  /** The reply being sent. */
  protected readonly sending = signal<string | null>(null);
  /** Message ids by reply text: a reply that is repeated after a failed decline keeps its id. */
  private readonly replies = new Map<string, string>();
  /** During a call the card is less prominent. */
  protected readonly inCall = computed(() => this.call.active() !== null);
  protected readonly where = computed(() => {
    const { kind, roomName } = this.ring();
    return kind === 'direct' ? this.t().rings.callsYou : this.t().rings.callsIn(roomName);
  });

  constructor() {
    const card = this.card;
    const focusedBefore = document.activeElement;
    afterNextRender(() => {
      // A key press meant for something else must not answer: the card gets the focus instead of a button, and no focus
      // at all while the user is typing or in a call.
      if (!isKeyboardTarget(focusedBefore) && !this.inCall()) card.focus({ preventScroll: true });
    });
    inject(DestroyRef).onDestroy(() => {
      if (card.contains(document.activeElement) && focusedBefore instanceof HTMLElement)
        focusedBefore.focus({ preventScroll: true });
    });
  }

  protected acceptFromCard(camera: boolean): Promise<void> {
    return this.attemptRingAnswer(() => this.entry.answerRing(this.ring(), camera));
  }

  protected declineFromCard(): Promise<void> {
    return this.attemptRingAnswer(() => this.rings.declineIncomingRing(this.ring()));
  }

  protected holdFromCard(): Promise<void> {
    return this.attemptRingAnswer(async () => {
      // The button is removed, so the focus moves to the card.
      const focused = this.card.contains(document.activeElement);
      await this.rings.holdIncomingRing(this.ring());
      if (focused) this.card.focus({ preventScroll: true });
    });
  }

  /** The reply is sent as a message to the room, where the caller reads it. */
  protected declineWithReply(text: string): Promise<void> {
    return this.attemptRingAnswer(async () => {
      const ring = this.ring();
      const id = this.replies.get(text) ?? createUuidV7();
      this.replies.set(text, id);
      this.sending.set(text);
      await this.realtime.sendCommand('chat:send', { roomId: ring.roomId, id, text });
      await this.rings.declineIncomingRing(ring);
    });
  }

  private async attemptRingAnswer(action: () => Promise<void>): Promise<void> {
    if (this.busy()) return;
    this.busy.set(true);
    // A ring that has ended needs no answer.
    await this.failures.runWithToast(action, 'ring_over', 'ring_not_found');
    this.busy.set(false);
    this.sending.set(null);
  }
}
