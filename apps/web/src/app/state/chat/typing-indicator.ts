import { computed, DestroyRef, inject, Injectable, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { isApiError } from '../../core/net/api-error';
import { RealtimeClient } from '../../core/net/realtime-client';
import { Session } from '../../core/session/session';
import { CurrentNames } from '../people/current-names';
import { RoomStore } from '../rooms/room-store';
import { MessageIntake } from './message-intake';

/** A writing user repeats the report this often; without it the others stop showing it a little later. */
const REPEAT_MS = 3000;
const FORGET_MS = 6000;

interface Writer {
  name: string;
  timer: ReturnType<typeof setTimeout>;
}

/** Shows which members are writing, and reports that the user is. */
@Injectable()
export class TypingIndicator {
  private readonly realtime = inject(RealtimeClient);
  private readonly room = inject(RoomStore);
  private readonly session = inject(Session);
  private readonly known = inject(CurrentNames);
  private readonly writers = signal<ReadonlyMap<string, Writer>>(new Map());
  private reportedAt = -Infinity;
  readonly names = computed(() =>
    [...this.writers()].map(([userId, { name }]) => this.known.currentNameOf(userId, name)),
  );

  constructor() {
    const destroyRef = inject(DestroyRef);
    this.realtime
      .observeEvents('chat:typed')
      .pipe(takeUntilDestroyed(destroyRef))
      .subscribe(({ roomId, userId, name, typing }) => {
        if (roomId !== this.room.id() || userId === this.session.user()?.id) return;
        this.removeWriter(userId);
        if (!typing) return;
        const writer = { name, timer: setTimeout(() => this.removeWriter(userId), FORGET_MS) };
        this.writers.update((writers) => new Map(writers).set(userId, writer));
      });
    inject(MessageIntake)
      .posted.pipe(takeUntilDestroyed(destroyRef))
      .subscribe(({ roomId, authorId }) => roomId === this.room.id() && authorId && this.removeWriter(authorId));
    destroyRef.onDestroy(() => this.writers().forEach(({ timer }) => clearTimeout(timer)));
  }

  /** Reports that the person writes (`true`), or has emptied or sent their text. */
  reportTyping(typing: boolean): void {
    const now = performance.now();
    const known = now - this.reportedAt < REPEAT_MS;
    if (typing === known) return;
    this.reportedAt = typing ? now : -Infinity;
    void this.sendTypingState(typing);
  }

  /** To be called after sending: the message itself shows the others that the writing is over. */
  resetAfterSending(): void {
    this.reportedAt = -Infinity;
  }

  private async sendTypingState(typing: boolean): Promise<void> {
    try {
      await this.realtime.sendCommand('chat:type', { roomId: this.room.id(), typing }, { volatile: true });
    } catch (error) {
      // A lost report does no harm.
      if (!isApiError(error)) throw error;
    }
  }

  private removeWriter(userId: string): void {
    clearTimeout(this.writers().get(userId)?.timer);
    this.writers.update((writers) => new Map([...writers].filter(([id]) => id !== userId)));
  }
}
