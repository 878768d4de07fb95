import { inject, Injectable, signal } from '@angular/core';
import { createUuidV7 } from '@webcall/base';
import { cleanMessageText } from '@webcall/domain';
import { Subject } from 'rxjs';
import { BrowserStorage } from '../../core/browser/browser-storage';
import { type ApiError, isApiError, isTransientError } from '../../core/net/api-error';
import { RealtimeClient } from '../../core/net/realtime-client';
import { Session } from '../../core/session/session';

/** A message that the server may not have yet. */
export interface OutgoingMessage {
  id: string;
  roomId: string;
  text: string;
  /** This device's clock: shown until the server has set the time. */
  writtenAt: string;
  /** `sent`: acknowledged; it stays until the timeline has it, so that nothing flickers. */
  state: 'pending' | 'sent' | 'failed';
  error?: ApiError['code'];
  details?: ApiError['details'];
}

const RETRY_MS = { first: 1000, longest: 15_000 };
const KEY = 'outbox';

/**
 * Messages that were written and are not known to be stored. They are kept across reloads and sent in the order of
 * writing per room, always under the same id, by which the server recognizes a repeat.
 */
@Injectable({ providedIn: 'root' })
export class Outbox {
  private readonly realtime = inject(RealtimeClient);
  private readonly session = inject(Session);
  private readonly storage = inject(BrowserStorage).user;
  private readonly all = signal(this.loadPersisted());
  private readonly flushingRoomIds = new Set<string>();
  private readonly retryNow = new Subject<void>();

  constructor() {
    this.realtime.reconnected.subscribe(() => this.flushAllRooms());
    this.flushAllRooms();
  }

  /** The messages of a room that are on their way or have failed, in the order of writing. */
  outgoingMessagesOf(roomId: string): readonly OutgoingMessage[] {
    return this.all().filter((e) => e.roomId === roomId);
  }

  enqueueMessage(roomId: string, text: string): void {
    const entry: OutgoingMessage = {
      id: createUuidV7(),
      roomId,
      text,
      writtenAt: new Date().toISOString(),
      state: 'pending',
    };
    this.all.update((all) => [...all, entry]);
    this.persistMessage(entry.id, entry);
    void this.flushRoomQueue(roomId);
  }

  retryMessage(id: string): void {
    this.updateMessage(id, { state: 'pending', error: undefined, details: undefined });
    const entry = this.all().find((e) => e.id === id);
    if (entry) void this.flushRoomQueue(entry.roomId);
  }

  /** For messages that the timeline has, or that were discarded. */
  removeMessages(ids: ReadonlySet<string>): void {
    const removed = this.all().filter((e) => ids.has(e.id));
    if (removed.length === 0) return;
    this.all.update((all) => all.filter((e) => !ids.has(e.id)));
    for (const { id } of removed) this.persistMessage(id);
  }

  private flushAllRooms(): void {
    this.retryNow.next();
    for (const roomId of new Set(this.all().map((e) => e.roomId))) void this.flushRoomQueue(roomId);
  }

  /** Sends one message at a time per room, so that they arrive in the order of writing. */
  private async flushRoomQueue(roomId: string): Promise<void> {
    if (this.flushingRoomIds.has(roomId)) return;
    this.flushingRoomIds.add(roomId);
    let wait = RETRY_MS.first;
    try {
      for (let entry = this.nextPendingMessage(roomId); entry; entry = this.nextPendingMessage(roomId)) {
        const shouldRetry = await this.attemptDelivery(entry);
        if (!shouldRetry) wait = RETRY_MS.first;
        else {
          await this.waitBeforeRetry(wait);
          wait = Math.min(wait * 2, RETRY_MS.longest);
        }
      }
    } finally {
      this.flushingRoomIds.delete(roomId);
    }
  }

  /** @returns whether to try again without the person */
  private async attemptDelivery({ id, roomId, text }: OutgoingMessage): Promise<boolean> {
    try {
      await this.realtime.sendCommand('chat:send', { roomId, id, text }, { patient: true });
      this.updateMessage(id, { state: 'sent' });
      this.persistMessage(id);
      return false;
    } catch (error) {
      if (!isApiError(error)) throw error;
      if (isTransientError(error)) return true;
      this.updateMessage(id, { state: 'failed', error: error.code, details: error.details });
      return false;
    }
  }

  private nextPendingMessage(roomId: string): OutgoingMessage | undefined {
    return this.session.user() ? this.all().find((e) => e.roomId === roomId && e.state === 'pending') : undefined;
  }

  private updateMessage(id: string, change: Partial<OutgoingMessage>): void {
    this.all.update((all) => all.map((e) => (e.id === id ? { ...e, ...change } : e)));
    const entry = this.all().find((e) => e.id === id);
    if (entry && entry.state !== 'sent') this.persistMessage(id, entry);
  }

  /** Changes one stored entry and keeps the entries that other tabs have stored. */
  private persistMessage(id: string, entry?: OutgoingMessage): void {
    const others = this.loadPersisted().filter((e) => e.id !== id);
    this.storage.storeValue(KEY, entry ? [...others, entry] : others);
  }

  private loadPersisted(): readonly OutgoingMessage[] {
    const entries = (this.storage.readValue(KEY) as OutgoingMessage[] | null) ?? [];
    // Older releases stored texts that the server refuses for good.
    return entries.map((e) => ({ ...e, text: cleanMessageText(e.text) })).sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  private waitBeforeRetry(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        retrySignal.unsubscribe();
        resolve();
      };
      const timer = setTimeout(done, ms);
      const retrySignal = this.retryNow.subscribe(done);
    });
  }
}
