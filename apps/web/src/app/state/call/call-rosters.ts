import { inject, Injectable, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import type { CallChangedEvent, CallDto, CallJoinedDto } from '@webcall/contracts';
import { type Observable, Subject } from 'rxjs';
import { type ApiError, isApiError, isTransientError } from '../../core/net/api-error';
import { RealtimeClient } from '../../core/net/realtime-client';
import { RetryBackoff } from '../../core/net/retry-backoff';
import {
  applyRosterChange,
  type CallRoster,
  type CallSnapshot,
  emptyCallRoster,
  hasMissedChanges,
  rosterFromSnapshot,
} from './call-roster';

/** A new state of a room's call. */
export interface RosterUpdate {
  roomId: string;
  /** null: no call is running. */
  roster: CallRoster | null;
  /** The event that brought it; none if an answer of the server did. */
  event?: CallChangedEvent;
  /** With an answer: how long ago a second user joined, in ms. */
  durationMs?: number;
}

/**
 * The roster of each call that this client has heard of, one for each room. It alone follows the changes of calls by
 * their versions, and fetches the whole call after a gap.
 */
@Injectable({ providedIn: 'root' })
export class CallRosters {
  private readonly realtime = inject(RealtimeClient);
  private readonly rosters = signal<ReadonlyMap<string, CallRoster | null>>(new Map());
  /** Ids of the calls in which this page has had a seat. */
  private readonly ownCallIds = signal<ReadonlySet<string>>(new Set());
  private readonly fetchingRoomIds = new Set<string>();
  private readonly retry = new RetryBackoff(() => {
    for (const roomId of this.incompleteRoomIds()) void this.fetchCall(roomId);
  });
  private readonly updated = new Subject<RosterUpdate>();
  private readonly failed = new Subject<{ roomId: string; error: ApiError }>();

  readonly updates: Observable<RosterUpdate> = this.updated.asObservable();
  /** Emits when a call with a gap could not be fetched. It is tried again, if that makes sense. */
  readonly failures = this.failed.asObservable();

  constructor() {
    this.realtime
      .observeEvents('call:changed')
      .pipe(takeUntilDestroyed())
      .subscribe((event) => this.applyCallChange(event));
  }

  /** @returns the roster of the running call; null if none is running, or it is not known yet */
  rosterOf(roomId: string): CallRoster | null {
    const roster = this.knownRosterOf(roomId);
    return roster && roster.version > 0 && !roster.ended ? roster : null;
  }

  /** @returns whether this page has had a seat in the running call of the room, whose door then lets it in again */
  hasBeenInCall(roomId: string): boolean {
    const roster = this.rosterOf(roomId);
    return roster !== null && this.ownCallIds().has(roster.callId);
  }

  /** Makes a request whose answer has the room's call, and stores that. @throws what the request throws */
  async requestCall<A>(roomId: string, ask: () => Promise<A>, callOf: (answer: A) => CallDto | null): Promise<A> {
    const before = this.knownRosterOf(roomId);
    const answer = await ask();
    const isStored = this.storeAnswer(roomId, callOf(answer), before);
    if (!isStored || this.isIncomplete(roomId)) void this.fetchCall(roomId);
    return answer;
  }

  /** Stores the call in which this device has just taken or resumed its seat. @returns its roster */
  storeOwnCall(answer: CallJoinedDto): CallRoster {
    const { roomId, durationMs, participants, self } = answer;
    this.ownCallIds.update((ids) => new Set(ids).add(answer.callId));
    const known = this.knownRosterOf(roomId);
    if (known && known.callId === answer.callId && known.version >= answer.version) return known;
    const roster = this.storeSnapshot(roomId, { ...answer, participants: [...participants, self] }, durationMs);
    if (hasMissedChanges(roster)) void this.fetchCall(roomId);
    return roster;
  }

  private knownRosterOf(roomId: string): CallRoster | null {
    return this.rosters().get(roomId) ?? null;
  }

  private applyCallChange(event: CallChangedEvent): void {
    const { roomId, callId } = event;
    const known = this.knownRosterOf(roomId);
    const before = known?.callId === callId ? known : emptyCallRoster(callId);
    const after = applyRosterChange(before, event);
    if (after === before) return;
    this.storeRoster(roomId, after);
    // A change that waits for an earlier one shows nothing new.
    if (after.version > before.version) this.updated.next({ roomId, roster: after, event });
    if (hasMissedChanges(after)) void this.fetchCall(roomId);
  }

  /** @returns false if the answer is about another call than the events that came meanwhile: either may be newer */
  private storeAnswer(roomId: string, call: CallDto | null, before: CallRoster | null): boolean {
    const known = this.knownRosterOf(roomId);
    if (call && known?.callId === call.callId) {
      if (call.version > known.version) this.storeSnapshot(roomId, call, call.durationMs);
      return true;
    }
    if (known !== before) return false;
    if (call) this.storeSnapshot(roomId, call, call.durationMs);
    else {
      this.storeRoster(roomId, null);
      this.updated.next({ roomId, roster: null });
    }
    return true;
  }

  private storeSnapshot(roomId: string, call: CallSnapshot, durationMs: number): CallRoster {
    const known = this.knownRosterOf(roomId);
    const roster = rosterFromSnapshot(call, known?.early);
    this.storeRoster(roomId, roster);
    this.updated.next({ roomId, roster, durationMs });
    return roster;
  }

  private storeRoster(roomId: string, roster: CallRoster | null): void {
    this.rosters.update((all) => new Map(all).set(roomId, roster));
  }

  private isIncomplete(roomId: string): boolean {
    const roster = this.knownRosterOf(roomId);
    return roster !== null && hasMissedChanges(roster);
  }

  private incompleteRoomIds(): string[] {
    return [...this.rosters().keys()].filter((roomId) => this.isIncomplete(roomId));
  }

  /** Fetches the call of a room until nothing is missing; calls meanwhile share the running fetch. */
  private async fetchCall(roomId: string): Promise<void> {
    if (this.fetchingRoomIds.has(roomId)) return;
    this.fetchingRoomIds.add(roomId);
    try {
      let isStored: boolean;
      do {
        const before = this.knownRosterOf(roomId);
        const { call } = await this.realtime.sendCommand('call:get', { roomId }, { volatile: true });
        isStored = this.storeAnswer(roomId, call, before);
      } while (!isStored || this.isIncomplete(roomId));
      if (this.incompleteRoomIds().length === 0) this.retry.resetBackoff();
    } catch (error) {
      if (!isApiError(error)) throw error;
      console.warn('the call of a room could not be loaded', error);
      this.failed.next({ roomId, error });
      // The next connection loads it anyway.
      if (isTransientError(error) && error.code !== 'offline') this.retry.scheduleRetry();
    } finally {
      this.fetchingRoomIds.delete(roomId);
    }
  }
}
