import { inject, Injectable, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import type { KnockAnsweredEvent } from '@webcall/contracts';
import { type ApiError, isApiError } from '../../core/net/api-error';
import { RealtimeClient } from '../../core/net/realtime-client';
import { LocalMedia } from '../media/local-media';
import { CallSession } from './call-session';

/**
 * `idle`: no knock yet; `no-call`: knocks by itself as soon as a moderator has started a call; `lost`: the connection
 * was gone for so long that the person is asked again.
 */
export type KnockPhase = 'idle' | 'waiting' | 'no-call' | 'denied' | 'lost';

/** After a longer cut nobody is let into a call, with an open microphone, by a knock from before it. */
const MAX_CUT_MS = 10_000;

/** The door of a call at which this tab is, and the state of its knock. */
export interface KnockState {
  roomId: string;
  phase: KnockPhase;
}

/** Knocks at the door of a call, waits for an answer, and joins. */
@Injectable({ providedIn: 'root' })
export class Knocking {
  private readonly realtime = inject(RealtimeClient);
  private readonly session = inject(CallSession);
  private readonly local = inject(LocalMedia);
  private readonly place = signal<KnockState | null>(null);
  private busy = false;
  /** Whether the user left the door during the join. Once they are in, the door disappears because of the call. */
  private hasLeftDoor = false;
  private retryRequested = false;

  /** The door at which this tab is; null when it is at none. */
  readonly knockState = this.place.asReadonly();
  /** The error that stopped the knock. */
  readonly problem = signal<ApiError | null>(null);

  constructor() {
    this.realtime
      .observeEvents('knock:answered')
      .pipe(takeUntilDestroyed())
      .subscribe((event) => this.applyKnockOutcome(event));
    this.realtime
      .observeEvents('call:changed')
      .pipe(takeUntilDestroyed())
      .subscribe(({ roomId, change }) => {
        if (change.type === 'joined' && this.isWaitingAt(roomId, 'no-call')) void this.joinAfterAdmission();
      });
    this.realtime
      .observeEvents('room:changed')
      .pipe(takeUntilDestroyed())
      .subscribe(({ roomId, change }) => {
        if (change.type === 'updated' && this.isWaitingAt(roomId, 'waiting', 'no-call')) void this.joinAfterAdmission();
      });
    // The knock ended with the socket.
    this.realtime.reconnected.pipe(takeUntilDestroyed()).subscribe(() => {
      const roomId = this.place()?.roomId;
      if (!roomId || !this.isWaitingAt(roomId, 'waiting', 'no-call')) return;
      if (this.realtime.lastCutMs > MAX_CUT_MS) this.place.set({ roomId, phase: 'lost' });
      else void this.joinAfterAdmission();
    });
  }

  /** Goes to the door of a call that cannot be joined without a knock. */
  arriveAtDoor(roomId: string): void {
    this.problem.set(null);
    this.place.set({ roomId, phase: 'idle' });
  }

  async requestAdmission(): Promise<void> {
    const place = this.place();
    if (!place) return;
    this.problem.set(null);
    this.place.set({ ...place, phase: 'waiting' });
    try {
      await this.realtime.sendCommand('knock:start', { roomId: place.roomId });
    } catch (error) {
      if (!isApiError(error)) throw error;
      // It may still reach the server, when nobody here waits at the door any more.
      if (error.code === 'timeout') void this.cancelKnock(place.roomId);
      if (this.place()?.roomId === place.roomId) this.handleKnockRefusal(error);
    }
  }

  /** Leaves the door and cancels the knock, unless the user has joined already. */
  async leaveDoor(): Promise<void> {
    const place = this.place();
    const isInside = place !== null && this.session.active()?.roomId === place.roomId;
    this.hasLeftDoor = !isInside;
    this.place.set(null);
    this.problem.set(null);
    if (isInside) return;
    if (place?.phase === 'waiting') await this.cancelKnock(place.roomId);
  }

  private async cancelKnock(roomId: string): Promise<void> {
    try {
      await this.realtime.sendCommand('knock:cancel', { roomId }, { volatile: true });
    } catch (error) {
      // Without a connection the knock has ended already.
      if (!isApiError(error)) throw error;
    }
  }

  private isWaitingAt(roomId: string, ...phases: KnockPhase[]): boolean {
    const place = this.place();
    return place?.roomId === roomId && phases.includes(place.phase);
  }

  private applyKnockOutcome({ roomId, outcome }: KnockAnsweredEvent): void {
    if (!this.isWaitingAt(roomId, 'waiting')) return;
    if (outcome === 'admitted') void this.joinAfterAdmission();
    else this.place.set({ roomId, phase: outcome === 'denied' ? 'denied' : 'no-call' });
  }

  /** Joins if that is possible by now, otherwise knocks; repeats this if something changed meanwhile. */
  private async joinAfterAdmission(): Promise<void> {
    this.retryRequested = true;
    if (this.busy) return;
    this.busy = true;
    try {
      while (this.retryRequested) {
        this.retryRequested = false;
        await this.joinOrKnock();
      }
    } finally {
      this.busy = false;
    }
  }

  private async joinOrKnock(): Promise<void> {
    const place = this.place();
    if (!place) return;
    try {
      this.hasLeftDoor = false;
      await this.session.joinRoomCall(place.roomId);
      if (this.session.active()?.roomId !== place.roomId) return;
      // A user who has left the door meanwhile does not stay in the call.
      if (this.hasLeftDoor) await this.session.leaveActiveCall();
      else this.place.set(null);
    } catch (error) {
      if (!isApiError(error)) throw error;
      if (!this.place() && !this.session.active()) this.local.closeLocalMedia();
      if (this.place()?.roomId !== place.roomId) return;
      if (isKeptOut(error)) await this.requestAdmission();
      else this.handleKnockRefusal(error);
    }
  }

  private handleKnockRefusal(error: ApiError): void {
    const place = this.place();
    if (!place) return;
    const noCall = isApiError(error, 'call_not_running');
    if (!noCall) this.problem.set(error);
    this.place.set({ ...place, phase: noCall ? 'no-call' : 'idle' });
  }
}

/** @returns whether the door kept the user out of the call: then they may knock */
export function isKeptOut(error: unknown): boolean {
  return isApiError(error, 'knock_first', 'room_locked');
}
