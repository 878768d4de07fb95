import { inject, Injectable, signal } from '@angular/core';
import { uuidv7 } from '@webcall/base';
import { Subject } from 'rxjs';
import { type ApiError, isApiError, isPassing } from '../../core/net/api-error';
import { RealtimeClient } from '../../core/net/realtime-client';
import { Session } from '../../core/session/session';
import { BrowserStorage } from '../../core/browser/storage';

/** A message that the server may not have yet. */
export interface OutboxEntry {
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
 * What was written and is not known to be stored. Kept across reloads, sent in the order of writing per room, always
 * under the same id: the server takes a repeat for what it is.
 */
@Injectable({ providedIn: 'root' })
export class Outbox {
  private readonly realtime = inject(RealtimeClient);
  private readonly session = inject(Session);
  private readonly storage = inject(BrowserStorage).user;
  private readonly all = signal(this.stored());
  private readonly busy = new Set<string>();
  private readonly wake = new Subject<void>();

  constructor() {
    this.realtime.reconnected.subscribe(() => this.flushAll());
    this.flushAll();
  }

  /** What of a room is on its way or has failed, in the order of writing. */
  of(roomId: string): readonly OutboxEntry[] {
    return this.all().filter((e) => e.roomId === roomId);
  }

  add(roomId: string, text: string): void {
    const entry: OutboxEntry = { id: uuidv7(), roomId, text, writtenAt: new Date().toISOString(), state: 'pending' };
    this.all.update((all) => [...all, entry]);
    this.store(entry.id, entry);
    void this.flush(roomId);
  }

  retry(id: string): void {
    this.change(id, { state: 'pending', error: undefined, details: undefined });
    const entry = this.all().find((e) => e.id === id);
    if (entry) void this.flush(entry.roomId);
  }

  /** The timeline has them, or nobody wants them any more. */
  forget(ids: ReadonlySet<string>): void {
    const gone = this.all().filter((e) => ids.has(e.id));
    if (gone.length === 0) return;
    this.all.update((all) => all.filter((e) => !ids.has(e.id)));
    for (const { id } of gone) this.store(id);
  }

  private flushAll(): void {
    this.wake.next();
    for (const roomId of new Set(this.all().map((e) => e.roomId))) void this.flush(roomId);
  }

  /** One at a time per room: the order of writing is the order in the room. */
  private async flush(roomId: string): Promise<void> {
    if (this.busy.has(roomId)) return;
    this.busy.add(roomId);
    let wait = RETRY_MS.first;
    try {
      for (let entry = this.next(roomId); entry; entry = this.next(roomId)) {
        const passing = await this.trySend(entry);
        if (!passing) wait = RETRY_MS.first;
        else {
          await this.pause(wait);
          wait = Math.min(wait * 2, RETRY_MS.longest);
        }
      }
    } finally {
      this.busy.delete(roomId);
    }
  }

  /** @returns whether it is to be tried again by itself */
  private async trySend({ id, roomId, text }: OutboxEntry): Promise<boolean> {
    try {
      await this.realtime.send('chat:send', { roomId, id, text });
      this.change(id, { state: 'sent' });
      this.store(id);
      return false;
    } catch (error) {
      if (!isApiError(error)) throw error;
      if (isPassing(error)) return true;
      this.change(id, { state: 'failed', error: error.code, details: error.details });
      return false;
    }
  }

  private next(roomId: string): OutboxEntry | undefined {
    return this.session.user() ? this.all().find((e) => e.roomId === roomId && e.state === 'pending') : undefined;
  }

  private change(id: string, change: Partial<OutboxEntry>): void {
    this.all.update((all) => all.map((e) => (e.id === id ? { ...e, ...change } : e)));
    const entry = this.all().find((e) => e.id === id);
    if (entry && entry.state !== 'sent') this.store(id, entry);
  }

  /** Changes one stored entry and leaves those alone that other tabs have stored. */
  private store(id: string, entry?: OutboxEntry): void {
    const others = this.stored().filter((e) => e.id !== id);
    this.storage.set(KEY, entry ? [...others, entry] : others);
  }

  private stored(): readonly OutboxEntry[] {
    const entries = (this.storage.get(KEY) as OutboxEntry[] | null) ?? [];
    return entries.sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        woken.unsubscribe();
        resolve();
      };
      const timer = setTimeout(done, ms);
      const woken = this.wake.subscribe(done);
    });
  }
}
