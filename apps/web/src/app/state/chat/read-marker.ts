import { DestroyRef, effect, inject, Injectable, signal, untracked } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { readPositionDelayMs } from '@webcall/domain';
import { fromEvent } from 'rxjs';
import { isApiError, isTransientError } from '../../core/net/api-error';
import { RealtimeClient } from '../../core/net/realtime-client';
import { RetryBackoff } from '../../core/net/retry-backoff';
import { Session } from '../../core/session/session';
import { RoomList } from '../rooms/room-list';
import { MessageIntake, type PlainMessage } from './message-intake';
import type { RoomChatState } from './timeline-store';
import { UnreportedReads } from './unreported-reads';

/**
 * How far the reader has read, and the line above new messages. This page shows it at once; for the server it is
 * gathered, and reported at the latest when the reader leaves the room or looks elsewhere.
 */
@Injectable()
export class ReadMarker {
  private readonly realtime = inject(RealtimeClient);
  private readonly user = inject(Session).user;
  private readonly rooms = inject(RoomList);
  private readonly unreported = inject(UnreportedReads);
  private readonly destroyRef = inject(DestroyRef);
  private readonly retry = new RetryBackoff(() => void this.sendReadPosition());
  private readonly roomId = signal('');
  /** The position that the server knows. */
  private acknowledgedSeq = 0;
  private timer?: ReturnType<typeof setTimeout>;
  readonly readSeq = signal(0);
  /** Messages after this number are under the line "new messages"; undefined: there is no line. */
  readonly newAfter = signal<number | undefined>(undefined);
  /** Whether what comes is shown to the reader at once, as they are at the end of the list. */
  private readsAlong = false;

  constructor() {
    inject(MessageIntake)
      .posted.pipe(takeUntilDestroyed())
      .subscribe((message) => this.handlePostedMessage(message));
    // Also after the list was loaded again: its answer knows only what has been reported.
    effect(() => {
      const [room, seq] = [this.rooms.findRoom(this.roomId()), this.readSeq()];
      if (room) untracked(() => this.rooms.applyReadPosition(room.id, seq));
    });
    fromEvent(document, 'visibilitychange')
      .pipe(takeUntilDestroyed())
      .subscribe(() => document.visibilityState === 'hidden' && this.sendGathered());
    this.destroyRef.onDestroy(() => void this.sendReadPosition());
  }

  /** To be called with the state of the room at opening, and again after a reconnect. */
  syncReadPosition({ id, readSeq, unread }: RoomChatState): void {
    const first = this.roomId() !== id;
    this.roomId.set(id);
    this.acknowledgedSeq = readSeq;
    if (first && unread > 0) this.newAfter.set(readSeq);
    if (this.readSeq() > readSeq) void this.sendReadPosition();
    else this.readSeq.set(readSeq);
  }

  /** The reader has seen everything up to here. */
  markSeenUpTo(seq: number): void {
    if (seq <= this.readSeq()) return;
    this.readSeq.set(seq);
    const members = this.rooms.findRoom(this.roomId())?.memberCount ?? 0;
    this.timer ??= setTimeout(() => void this.sendReadPosition(), readPositionDelayMs(members, Math.random()));
  }

  /** To be called whenever the reader comes to the end of the list, or leaves it. */
  setReadsAlong(readsAlong: boolean): void {
    this.readsAlong = readsAlong;
  }

  /** To be called when the reader answers: then nothing is new to them any more. */
  clearNewMessagesLine(): void {
    this.newAfter.set(undefined);
  }

  private handlePostedMessage(message: PlainMessage): void {
    const isNext = message.roomId === this.roomId() && message.seq === this.readSeq() + 1;
    // Before it is rendered, so that it is not counted as unread for a moment.
    if (isNext && this.readsAlong && document.visibilityState === 'visible') this.markSeenUpTo(message.seq);
    else this.markIfUnseen(message);
  }

  /** The line goes above a message that nobody saw arrive, unless it is above older unread ones already. */
  private markIfUnseen({ roomId, seq, authorId }: PlainMessage): void {
    const isFromOthers = roomId === this.roomId() && authorId !== this.user()?.id;
    if (!isFromOthers || document.visibilityState === 'visible') return;
    const line = this.newAfter();
    if (line === undefined || this.readSeq() > line) this.newAfter.set(Math.min(seq - 1, this.readSeq()));
  }

  private sendGathered(): void {
    if (this.timer !== undefined) void this.sendReadPosition();
  }

  private async sendReadPosition(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const seq = this.readSeq();
    if (seq <= this.acknowledgedSeq) return;
    try {
      await this.realtime.sendCommand('chat:read', { roomId: this.roomId(), seq }, { volatile: true });
      this.acknowledgedSeq = Math.max(this.acknowledgedSeq, seq);
      this.retry.resetBackoff();
    } catch (error) {
      if (!isApiError(error)) throw error;
      if (!isTransientError(error)) return;
      if (this.destroyRef.destroyed) this.unreported.keepReadPosition(this.roomId(), seq);
      // The next reconnect reports it too.
      else if (error.code !== 'offline') this.retry.scheduleRetry();
    }
  }
}
