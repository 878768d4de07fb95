import { computed, DestroyRef, inject, Injectable, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { isApiError } from '../../core/net/api-error';
import { Names } from '../people/names';
import { RealtimeClient } from '../../core/net/realtime-client';
import { RoomStore } from '../rooms/room-store';
import { Session } from '../../core/session/session';

/** A writer repeats the news this often; without it the others take it back a little later. */
const REPEAT_MS = 3000;
const FORGET_MS = 6000;

interface Writer {
  name: string;
  timer: ReturnType<typeof setTimeout>;
}

/** Who writes at the moment, and telling that oneself does. */
@Injectable()
export class Typing {
  private readonly realtime = inject(RealtimeClient);
  private readonly room = inject(RoomStore);
  private readonly session = inject(Session);
  private readonly known = inject(Names);
  private readonly writers = signal<ReadonlyMap<string, Writer>>(new Map());
  private toldAt = -Infinity;
  readonly names = computed(() => [...this.writers()].map(([userId, { name }]) => this.known.of(userId, name)));

  constructor() {
    const destroyRef = inject(DestroyRef);
    this.realtime
      .on('chat:typed')
      .pipe(takeUntilDestroyed(destroyRef))
      .subscribe(({ roomId, userId, name, typing }) => {
        if (roomId !== this.room.id() || userId === this.session.user()?.id) return;
        this.forget(userId);
        if (!typing) return;
        const writer = { name, timer: setTimeout(() => this.forget(userId), FORGET_MS) };
        this.writers.update((writers) => new Map(writers).set(userId, writer));
      });
    this.realtime
      .on('chat:posted')
      .pipe(takeUntilDestroyed(destroyRef))
      .subscribe(({ roomId, authorId }) => roomId === this.room.id() && authorId && this.forget(authorId));
    destroyRef.onDestroy(() => this.writers().forEach(({ timer }) => clearTimeout(timer)));
  }

  /** The person writes (`true`) or has emptied or sent what they wrote. */
  tell(typing: boolean): void {
    const now = performance.now();
    const known = now - this.toldAt < REPEAT_MS;
    if (typing === known) return;
    this.toldAt = typing ? now : -Infinity;
    void this.send(typing);
  }

  /** What was written went out: the message itself tells the others. */
  sent(): void {
    this.toldAt = -Infinity;
  }

  private async send(typing: boolean): Promise<void> {
    try {
      await this.realtime.send('chat:type', { roomId: this.room.id(), typing }, { volatile: true });
    } catch (error) {
      // Nobody misses it.
      if (!isApiError(error)) throw error;
    }
  }

  private forget(userId: string): void {
    clearTimeout(this.writers().get(userId)?.timer);
    this.writers.update((writers) => new Map([...writers].filter(([id]) => id !== userId)));
  }
}
