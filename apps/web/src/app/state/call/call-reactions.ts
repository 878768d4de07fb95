import { computed, DestroyRef, inject, Injectable, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import type { CallReactedEvent, Reaction } from '@webcall/contracts';
import { RealtimeClient } from '../../core/net/realtime-client';
import { CallSession } from './call-session';

/** A reaction while it is shown. */
export interface ShownReaction {
  key: number;
  participantId: string;
  reaction: Reaction;
}

const SHOWN_MS = 4000;
/** The shortest pause between reactions, so that a key held down does not send many. */
const PAUSE_MS = 500;

/** Signs that need no voice in the running call: the raised hand and short reactions. */
@Injectable({ providedIn: 'root' })
export class CallReactions {
  private readonly realtime = inject(RealtimeClient);
  private readonly session = inject(CallSession);
  private readonly timers = new Set<ReturnType<typeof setTimeout>>();
  private readonly shownReactions = signal<readonly ShownReaction[]>([]);
  private reactionCount = 0;
  private lastSentAt = -Infinity;

  /** Whether the own hand is up. */
  readonly handIsUp = computed(() => (this.session.active()?.self()?.hand ?? null) !== null);
  /** The reactions of the last seconds, oldest first. */
  readonly reactions = this.shownReactions.asReadonly();

  constructor() {
    this.realtime
      .observeEvents('call:reacted')
      .pipe(takeUntilDestroyed())
      .subscribe((event) => this.showReaction(event));
    inject(DestroyRef).onDestroy(() => this.timers.forEach(clearTimeout));
  }

  /** @throws ApiError */
  async sendHandRaised(raised: boolean): Promise<void> {
    await this.realtime.sendCommand('call:hand', { raised });
  }

  /** Shows a reaction to everybody; one too soon after the last is dropped. @throws ApiError */
  async sendReaction(reaction: Reaction): Promise<void> {
    if (!this.session.active() || performance.now() - this.lastSentAt < PAUSE_MS) return;
    this.lastSentAt = performance.now();
    await this.realtime.sendCommand('call:react', { reaction }, { volatile: true });
  }

  private showReaction({ roomId, participantId, reaction }: CallReactedEvent): void {
    if (this.session.active()?.roomId !== roomId) return;
    const shown = { key: ++this.reactionCount, participantId, reaction };
    this.shownReactions.update((list) => [...list, shown]);
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      this.shownReactions.update((list) => list.filter((other) => other !== shown));
    }, SHOWN_MS);
    this.timers.add(timer);
  }
}
