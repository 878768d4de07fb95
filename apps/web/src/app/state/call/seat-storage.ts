import { inject, Injectable } from '@angular/core';
import { BrowserStorage } from '../../core/browser/browser-storage';

/** The data that this tab needs to resume its seat after a reload. */
export interface StoredSeat {
  roomId: string;
  participantId: string;
  resumeKey: string;
  microphone: boolean;
  camera: boolean;
}

const KEY = 'seat';
/** Wait for the lock: a reloaded page may start before the former page has released it. */
const CLAIM_MS = 2000;

/**
 * Keeps this tab's seat in a call over a reload. A duplicated tab gets a copy of the tab's storage; the lock, which
 * only one page can hold, keeps the copy from taking the seat of the original.
 */
@Injectable({ providedIn: 'root' })
export class SeatStorage {
  private readonly storage = inject(BrowserStorage).tab;
  private releaseLock?: () => void;

  storeSeat(seat: StoredSeat): void {
    this.storage.storeValue(KEY, seat);
  }

  updateStoredSeat(change: Partial<StoredSeat>): void {
    const seat = this.loadStoredSeat();
    if (seat) this.storeSeat({ ...seat, ...change });
  }

  loadStoredSeat(): StoredSeat | null {
    return this.storage.readValue(KEY) as StoredSeat | null;
  }

  /** Forgets the seat and releases the lock. */
  forgetStoredSeat(): void {
    this.storage.removeValue(KEY);
    this.releaseLock?.();
    this.releaseLock = undefined;
  }

  /** Holds the seat's lock as long as the page lives or until `forgetStoredSeat`. @returns whether this page got it */
  async acquireSeatLock(participantId: string): Promise<boolean> {
    this.releaseLock?.();
    if (!navigator.locks) return true;
    const timeout = AbortSignal.timeout(CLAIM_MS);
    return new Promise((resolve) => {
      const holding = navigator.locks.request(`webcall-seat-${participantId}`, { signal: timeout }, () => {
        resolve(true);
        return new Promise<void>((release) => (this.releaseLock = release));
      });
      holding.catch((error: unknown) => {
        console.warn('another tab holds this seat', error);
        resolve(false);
      });
    });
  }
}
