import { DestroyRef, inject, Injectable, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { isApiError, isTransientError } from '../../core/net/api-error';
import { RealtimeClient } from '../../core/net/realtime-client';
import { RetryBackoff } from '../../core/net/retry-backoff';
import { Session } from '../../core/session/session';
import { MessageIntake, type PlainMessage } from './message-intake';
import type { RoomChatState } from './timeline-store';

const GATHER_MS = 300;

/** How far the reader has read, which is reported to the server, and the line above new messages. */
@Injectable()
export class ReadMarker {
  private readonly realtime = inject(RealtimeClient);
  private readonly user = inject(Session).user;
  private readonly retry = new RetryBackoff(() => void this.sendReadPosition());
  private roomId = '';
  /** The position that the server knows. */
  private acknowledgedSeq = 0;
  private timer?: ReturnType<typeof setTimeout>;
  readonly readSeq = signal(0);
  /** Messages after this number are under the line "new messages"; undefined: there is no line. */
  readonly newAfter = signal<number | undefined>(undefined);

  constructor() {
    inject(MessageIntake)
      .posted.pipe(takeUntilDestroyed())
      .subscribe((message) => this.markIfUnseen(message));
    inject(DestroyRef).onDestroy(() => {
      if (this.timer !== undefined) void this.sendReadPosition();
    });
  }

  /** To be called with the state of the room at opening, and again after a reconnect. */
  syncReadPosition({ id, readSeq, unread }: RoomChatState): void {
    const first = this.roomId !== id;
    this.roomId = id;
    this.acknowledgedSeq = readSeq;
    if (first && unread > 0) this.newAfter.set(readSeq);
    if (this.readSeq() > readSeq) void this.sendReadPosition();
    else this.readSeq.set(readSeq);
  }

  /** The reader has seen everything up to here. */
  markSeenUpTo(seq: number): void {
    if (seq <= this.readSeq()) return;
    this.readSeq.set(seq);
    this.timer ??= setTimeout(() => void this.sendReadPosition(), GATHER_MS);
  }

  /** To be called when the reader answers: then nothing is new to them any more. */
  clearNewMessagesLine(): void {
    this.newAfter.set(undefined);
  }

  /** The line goes above a message that nobody saw arrive, unless it is above older unread ones already. */
  private markIfUnseen({ roomId, seq, authorId }: PlainMessage): void {
    const isFromOthers = roomId === this.roomId && authorId !== this.user()?.id;
    if (!isFromOthers || document.visibilityState === 'visible') return;
    const line = this.newAfter();
    if (line === undefined || this.readSeq() > line) this.newAfter.set(Math.min(seq - 1, this.readSeq()));
  }

  private async sendReadPosition(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const seq = this.readSeq();
    if (seq <= this.acknowledgedSeq) return;
    try {
      await this.realtime.sendCommand('chat:read', { roomId: this.roomId, seq }, { volatile: true });
      this.acknowledgedSeq = Math.max(this.acknowledgedSeq, seq);
      this.retry.resetBackoff();
    } catch (error) {
      if (!isApiError(error)) throw error;
      // The next reconnect reports it too.
      if (isTransientError(error) && error.code !== 'offline') this.retry.scheduleRetry();
    }
  }
}
