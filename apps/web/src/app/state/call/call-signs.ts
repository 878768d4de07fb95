import { computed, DestroyRef, inject, Injectable, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import type { CallReactedEvent, Reaction } from '@webcall/contracts';
import { CallSession } from './call-session';
import { RealtimeClient } from '../../core/net/realtime-client';

/** A reaction while it is shown. */
export interface ShownReaction {
  key: number;
  participantId: string;
  reaction: Reaction;
}

const SHOWN_MS = 4000;
/** A finger that rests on the key is no storm of applause. */
const PAUSE_MS = 500;

/** Signs that need no voice: the raised hand, and reactions that pass by. */
@Injectable({ providedIn: 'root' })
export class CallSigns {
  private readonly realtime = inject(RealtimeClient);
  private readonly session = inject(CallSession);
  private readonly timers = new Set<ReturnType<typeof setTimeout>>();
  private readonly list = signal<readonly ShownReaction[]>([]);
  private count = 0;
  private last = -Infinity;

  /** Whether the own hand is up. */
  readonly handIsUp = computed(() => (this.session.active()?.self()?.hand ?? null) !== null);
  /** The reactions of the last seconds, oldest first. */
  readonly reactions = this.list.asReadonly();

  constructor() {
    this.realtime
      .on('call:reacted')
      .pipe(takeUntilDestroyed())
      .subscribe((event) => this.show(event));
    inject(DestroyRef).onDestroy(() => this.timers.forEach(clearTimeout));
  }

  /** @throws ApiError */
  async raiseHand(raised: boolean): Promise<void> {
    await this.realtime.send('call:hand', { raised });
  }

  /** Shows a reaction to everybody; what comes too soon after the last one is dropped. @throws ApiError */
  async react(reaction: Reaction): Promise<void> {
    if (!this.session.active() || performance.now() - this.last < PAUSE_MS) return;
    this.last = performance.now();
    await this.realtime.send('call:react', { reaction }, { volatile: true });
  }

  private show({ roomId, participantId, reaction }: CallReactedEvent): void {
    if (this.session.active()?.roomId !== roomId) return;
    const shown = { key: ++this.count, participantId, reaction };
    this.list.update((list) => [...list, shown]);
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      this.list.update((list) => list.filter((other) => other !== shown));
    }, SHOWN_MS);
    this.timers.add(timer);
  }
}
