import { afterNextRender, Component, computed, DestroyRef, ElementRef, inject, input, signal } from '@angular/core';
import type { RingDto } from '@webcall/contracts';
import { uuidv7 } from '@webcall/base';
import { isApiError } from '../../core/net/api-error';
import { CallSession } from '../../state/call/call-session';
import { ErrorTexts } from '../../core/text/errors';
import { takesKeys } from '../../core/browser/focus';
import { I18n } from '../../core/text/i18n';
import { RealtimeClient } from '../../core/net/realtime-client';
import { Ringer } from '../../state/rings/ringer';
import { Rings } from '../../state/rings/rings';
import { CallEntry } from '../../flows/call-entry';
import { Avatar } from '../../ui/display/avatar';
import { Button } from '../../ui/forms/button';
import { Icon } from '../../ui/display/icon';
import { Toasts } from '../../ui/feedback/toasts';

let count = 0;

/** Somebody calls: who, where, and what to do about it. */
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
  private readonly toasts = inject(Toasts);
  private readonly errors = inject(ErrorTexts);
  protected readonly ringer = inject(Ringer);
  protected readonly t = inject(I18n).t;
  protected readonly id = `ring-${++count}`;

  private readonly card = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;

  readonly ring = input.required<RingDto>();
  /** In front of the others. */
  readonly first = input(true);
  protected readonly replying = signal(false);
  protected readonly busy = signal(false);
  /** The reply that is on its way. */
  protected readonly sending = signal<string | null>(null);
  /** By its words: a reply that is sent again, because the decline failed, is the same message. */
  private readonly replies = new Map<string, string>();
  /** Whoever talks is not pushed aside. */
  protected readonly inCall = computed(() => this.call.active() !== null);
  protected readonly where = computed(() => {
    const { kind, roomName } = this.ring();
    return kind === 'direct' ? this.t().rings.callsYou : this.t().rings.callsIn(roomName);
  });

  constructor() {
    const card = this.card;
    const before = document.activeElement;
    afterNextRender(() => {
      // A key that is meant for something else must not answer: the focus goes to the card, not to a button of it, and
      // not at all while somebody writes or talks.
      if (!takesKeys(before) && !this.inCall()) card.focus({ preventScroll: true });
    });
    inject(DestroyRef).onDestroy(() => {
      if (card.contains(document.activeElement) && before instanceof HTMLElement) before.focus({ preventScroll: true });
    });
  }

  protected accept(camera: boolean): Promise<void> {
    return this.attempt(() => this.entry.answer(this.ring(), camera));
  }

  protected decline(): Promise<void> {
    return this.attempt(() => this.rings.decline(this.ring()));
  }

  protected hold(): Promise<void> {
    return this.attempt(async () => {
      // The button goes.
      const focused = this.card.contains(document.activeElement);
      await this.rings.hold(this.ring());
      if (focused) this.card.focus({ preventScroll: true });
    });
  }

  /** The words go into the room, where the caller reads them. */
  protected reply(text: string): Promise<void> {
    return this.attempt(async () => {
      const ring = this.ring();
      const id = this.replies.get(text) ?? uuidv7();
      this.replies.set(text, id);
      this.sending.set(text);
      await this.realtime.send('chat:send', { roomId: ring.roomId, id, text });
      await this.rings.decline(ring);
    });
  }

  private async attempt(action: () => Promise<void>): Promise<void> {
    if (this.busy()) return;
    this.busy.set(true);
    try {
      await action();
    } catch (error) {
      // What is over needs no answer.
      if (!isApiError(error, 'ring_over', 'ring_not_found')) this.toasts.show(this.errors.of(error), 'bad');
    } finally {
      this.busy.set(false);
      this.sending.set(null);
    }
  }
}
