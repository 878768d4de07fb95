import { inject, Injectable } from '@angular/core';
import { BrowserStorage } from '../../core/browser/storage';

/** What this tab needs to take its seat again after a reload. */
export interface KeptSeat {
  roomId: string;
  participantId: string;
  resumeKey: string;
  microphone: boolean;
  camera: boolean;
}

const KEY = 'seat';
/** A reloaded page may start before its former self has let go of the lock. */
const CLAIM_MS = 2000;

/**
 * Keeps this tab's seat in a call over a reload. A duplicated tab gets a copy of the tab's storage; the lock, which only
 * one page can hold, keeps the copy from taking the seat of the original.
 */
@Injectable({ providedIn: 'root' })
export class SeatKeeper {
  private readonly storage = inject(BrowserStorage).tab;
  private release?: () => void;

  keep(seat: KeptSeat): void {
    this.storage.set(KEY, seat);
  }

  /** What of the seat has changed. */
  update(change: Partial<KeptSeat>): void {
    const seat = this.kept();
    if (seat) this.keep({ ...seat, ...change });
  }

  kept(): KeptSeat | null {
    return this.storage.get(KEY) as KeptSeat | null;
  }

  /** Forgets the seat and lets go of the lock. */
  drop(): void {
    this.storage.remove(KEY);
    this.release?.();
    this.release = undefined;
  }

  /** Holds the seat's lock as long as the page lives or until `drop`. @returns whether this page got it */
  async claim(participantId: string): Promise<boolean> {
    this.release?.();
    if (!navigator.locks) return true;
    const giveUp = AbortSignal.timeout(CLAIM_MS);
    return new Promise((resolve) => {
      const holding = navigator.locks.request(`webcall-seat-${participantId}`, { signal: giveUp }, () => {
        resolve(true);
        return new Promise<void>((release) => (this.release = release));
      });
      holding.catch((error: unknown) => {
        console.warn('Another tab holds this seat', error);
        resolve(false);
      });
    });
  }
}
