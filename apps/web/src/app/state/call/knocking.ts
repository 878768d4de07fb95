import { inject, Injectable, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import type { KnockAnsweredEvent } from '@webcall/contracts';
import { type ApiError, isApiError } from '../../core/net/api-error';
import { CallSession } from './call-session';
import { LocalMedia } from '../media/local-media';
import { RealtimeClient } from '../../core/net/realtime-client';

/** `idle`: nothing is asked yet; `no-call`: it asks by itself as soon as a moderator has begun a call. */
export type KnockPhase = 'idle' | 'waiting' | 'no-call' | 'denied';

/** Where somebody stands before the door of a call. */
export interface AtTheDoor {
  roomId: string;
  phase: KnockPhase;
}

/** Before a door with a lobby: asking to be let in, waiting, and going in. */
@Injectable({ providedIn: 'root' })
export class Knocking {
  private readonly realtime = inject(RealtimeClient);
  private readonly session = inject(CallSession);
  private readonly local = inject(LocalMedia);
  private readonly place = signal<AtTheDoor | null>(null);
  private busy = false;
  /** Went away since it began to go in. Once inside, the door is gone because the call has taken its place. */
  private gone = false;
  private again = false;

  /** Where this tab stands; null when it stands before no door. */
  readonly at = this.place.asReadonly();
  /** Why it does not go on. */
  readonly problem = signal<ApiError | null>(null);

  constructor() {
    this.realtime
      .on('knock:answered')
      .pipe(takeUntilDestroyed())
      .subscribe((event) => this.onAnswered(event));
    this.realtime
      .on('call:changed')
      .pipe(takeUntilDestroyed())
      .subscribe(({ roomId, change }) => {
        if (change.type === 'joined' && this.isAt(roomId, 'no-call')) void this.tryAgain();
      });
    this.realtime
      .on('room:changed')
      .pipe(takeUntilDestroyed())
      .subscribe(({ roomId, change }) => {
        if (change.type === 'updated' && this.isAt(roomId, 'waiting', 'no-call')) void this.tryAgain();
      });
    // The knock went with the socket.
    this.realtime.reconnected.pipe(takeUntilDestroyed()).subscribe(() => {
      const roomId = this.place()?.roomId;
      if (roomId && this.isAt(roomId, 'waiting', 'no-call')) void this.tryAgain();
    });
  }

  /** Comes to the door of a call that has refused to be joined just so. */
  arrive(roomId: string): void {
    this.problem.set(null);
    this.place.set({ roomId, phase: 'idle' });
  }

  /** Asks to be let in. */
  async ask(): Promise<void> {
    const place = this.place();
    if (!place) return;
    this.problem.set(null);
    this.place.set({ ...place, phase: 'waiting' });
    try {
      await this.realtime.send('knock:start', { roomId: place.roomId });
    } catch (error) {
      if (!isApiError(error)) throw error;
      if (this.place()?.roomId === place.roomId) this.onRefused(error);
    }
  }

  /** Goes away from the door. */
  async leave(): Promise<void> {
    const place = this.place();
    const inside = place !== null && this.session.active()?.roomId === place.roomId;
    this.gone = !inside;
    this.place.set(null);
    this.problem.set(null);
    if (inside) return;
    if (place?.phase !== 'waiting') return;
    try {
      await this.realtime.send('knock:cancel', { roomId: place.roomId }, { volatile: true });
    } catch (error) {
      // Without a connection the knock is gone already.
      if (!isApiError(error)) throw error;
    }
  }

  private isAt(roomId: string, ...phases: KnockPhase[]): boolean {
    const place = this.place();
    return place?.roomId === roomId && phases.includes(place.phase);
  }

  private onAnswered({ roomId, outcome }: KnockAnsweredEvent): void {
    if (!this.isAt(roomId, 'waiting')) return;
    if (outcome === 'admitted') void this.tryAgain();
    else this.place.set({ roomId, phase: outcome === 'denied' ? 'denied' : 'no-call' });
  }

  /** Goes in if that is possible by now, else knocks. What happens meanwhile may have changed that again. */
  private async tryAgain(): Promise<void> {
    this.again = true;
    if (this.busy) return;
    this.busy = true;
    try {
      while (this.again) {
        this.again = false;
        await this.goIn();
      }
    } finally {
      this.busy = false;
    }
  }

  private async goIn(): Promise<void> {
    const place = this.place();
    if (!place) return;
    try {
      this.gone = false;
      await this.session.join(place.roomId);
      if (this.session.active()?.roomId !== place.roomId) return;
      // Whoever has gone away meanwhile does not sit down.
      if (this.gone) await this.session.leave();
      else this.place.set(null);
    } catch (error) {
      if (!isApiError(error)) throw error;
      if (!this.place() && !this.session.active()) this.local.close();
      if (this.place()?.roomId !== place.roomId) return;
      if (error.code === 'knock_first') await this.ask();
      else this.onRefused(error);
    }
  }

  private onRefused(error: ApiError): void {
    const place = this.place();
    if (!place) return;
    // It is tried again when the connection is back.
    if (isApiError(error, 'offline', 'timeout')) return;
    const noCall = isApiError(error, 'call_not_running');
    if (!noCall) this.problem.set(error);
    this.place.set({ ...place, phase: noCall ? 'no-call' : 'idle' });
  }
}
