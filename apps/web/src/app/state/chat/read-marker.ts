import { DestroyRef, inject, Injectable, signal } from '@angular/core';
import { isApiError } from '../../core/net/api-error';
import { RealtimeClient } from '../../core/net/realtime-client';
import type { Standing } from './timeline-store';

const GATHER_MS = 300;

/** How far the reader has read, told to the server, and the line above what is new. */
@Injectable()
export class ReadMarker {
  private readonly realtime = inject(RealtimeClient);
  private roomId = '';
  /** What the server knows. */
  private told = 0;
  private timer?: ReturnType<typeof setTimeout>;
  readonly readSeq = signal(0);
  /** Messages after this number are under the line "new messages"; undefined: there is no line. */
  readonly newAfter = signal<number | undefined>(undefined);

  constructor() {
    inject(DestroyRef).onDestroy(() => {
      if (this.timer !== undefined) void this.tell();
    });
  }

  /** Where the room stands at opening, and again after a reconnect. */
  sync({ id, readSeq, unread }: Standing): void {
    const first = this.roomId !== id;
    this.roomId = id;
    this.told = readSeq;
    if (first && unread > 0) this.newAfter.set(readSeq);
    if (this.readSeq() > readSeq) void this.tell();
    else this.readSeq.set(readSeq);
  }

  /** The reader has seen everything up to here. */
  seen(seq: number): void {
    if (seq <= this.readSeq()) return;
    this.readSeq.set(seq);
    this.timer ??= setTimeout(() => void this.tell(), GATHER_MS);
  }

  /** A message came while nobody looked: the line goes above it, unless there is one above unread ones already. */
  missed(seq: number): void {
    const line = this.newAfter();
    if (line === undefined || this.readSeq() > line) this.newAfter.set(Math.min(seq - 1, this.readSeq()));
  }

  /** The reader answers: nothing is new to them any more. */
  clearLine(): void {
    this.newAfter.set(undefined);
  }

  private async tell(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const seq = this.readSeq();
    if (seq <= this.told) return;
    try {
      await this.realtime.send('chat:read', { roomId: this.roomId, seq }, { volatile: true });
      this.told = Math.max(this.told, seq);
    } catch (error) {
      // The next reconnect tells it.
      if (!isApiError(error)) throw error;
    }
  }
}
