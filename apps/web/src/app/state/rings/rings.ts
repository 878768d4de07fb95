import { computed, DestroyRef, effect, inject, Injectable, linkedSignal, signal, untracked } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { createUuidV7, Scope } from '@webcall/base';
import type { RingDto, RingRefDto } from '@webcall/contracts';
import type { Ring } from '@webcall/domain';
import { isApiError } from '../../core/net/api-error';
import { RealtimeClient } from '../../core/net/realtime-client';
import { SyncedCollection } from '../../core/net/synced-collection';
import { Session } from '../../core/session/session';
import { CallSession } from '../call/call-session';
import { RoomList } from '../rooms/room-list';
import { type RingPhase, ringPhaseOf } from './ring-phase';

/** A ring by the user in the running call, as they see it. */
export interface OutgoingRing {
  ring: Ring;
  phase: RingPhase;
}

/** How a call to one person ended before it began. */
export interface RingOutcome extends OutgoingRing {
  roomId: string;
}

const PHASE_TICK_MS = 500;
/** The pause before a failed command is repeated, in ms. */
const RETRY_DELAY_MS = 1000;
/** An event from before the end of a ring comes at most this late, in ms. */
const LATE_EVENT_MS = 60_000;

/** The incoming rings of the user on this device, and the outgoing rings that the user has started. */
@Injectable({ providedIn: 'root' })
export class Rings {
  private readonly realtime = inject(RealtimeClient);
  private readonly call = inject(CallSession);
  private readonly rooms = inject(RoomList);
  private readonly user = inject(Session).user;
  /**
   * The newest known state of each incoming ring; ended rings are kept for a while, because an older event may still
   * come.
   */
  private readonly known = new SyncedCollection<RingDto>(
    async () => ({ items: await this.fetchIncomingRings(), next: null }),
    incomingRingKey,
    ({ status }) => status !== 'ringing',
  );
  private readonly scope = new Scope();
  /** Rings that were answered on this device, until the server confirms it. */
  private readonly answered = linkedSignal<ReadonlyMap<string, RingDto>, ReadonlySet<string>>({
    source: this.known.items,
    computation: (known, before) => {
      const isRinging = (key: string): boolean => known.get(key)?.status === 'ringing';
      return new Set([...(before?.value ?? [])].filter(isRinging));
    },
  });
  private readonly now = signal(performance.now());
  /** The rings by the user in the running call. */
  private readonly mine = computed(
    () =>
      this.call
        .active()
        ?.rings()
        .filter(({ callerId }) => callerId === this.user()?.id) ?? [],
  );
  /** When each of them was first seen. */
  private readonly firstSeen = linkedSignal<readonly Ring[], ReadonlyMap<string, number>>({
    source: this.mine,
    computation: (rings, before) =>
      new Map(rings.map((ring) => [ringCalleeKey(ring), before?.value.get(ringCalleeKey(ring)) ?? performance.now()])),
  });

  /** The oldest first. */
  readonly incoming = computed<readonly RingDto[]>(() => {
    const answered = this.answered();
    return [...this.known.items().values()].filter(
      (ring) => ring.status === 'ringing' && !answered.has(incomingRingKey(ring)),
    );
  });
  /** The rings that the user has started in the running call. */
  readonly outgoing = computed<readonly OutgoingRing[]>(() => {
    const [now, firstSeen] = [this.now(), this.firstSeen()];
    return this.mine().map((ring) => ({
      ring,
      phase: ringPhaseOf(ring, now - (firstSeen.get(ringCalleeKey(ring)) ?? now)),
    }));
  });
  /** The room in which somebody is about to be rung. */
  readonly starting = signal<string | null>(null);
  /** How a call to one person failed, until it is dismissed or the next call begins. */
  readonly outcome = signal<RingOutcome | null>(null);

  constructor() {
    // A device that connects during a ring rings too.
    this.realtime.connected.pipe(takeUntilDestroyed()).subscribe(() => void this.known.loadItems());
    this.realtime
      .observeEvents('ring:changed')
      .pipe(takeUntilDestroyed())
      .subscribe(({ ring }) => ring.calleeId === this.user()?.id && this.applyRingUpdate(ring));
    effect((onCleanup) => {
      if (!this.outgoing().some(({ ring }) => ring.status === 'ringing')) return;
      const ticking = setInterval(() => this.now.set(performance.now()), PHASE_TICK_MS);
      onCleanup(() => clearInterval(ticking));
    });
    effect(() => {
      const unanswered = this.findUnansweredRing();
      if (unanswered) untracked(() => this.leaveUnansweredCall(unanswered));
    });
    effect(() => {
      if (this.call.active() || this.call.joining()) this.outcome.set(null);
    });
    inject(DestroyRef).onDestroy(() => this.scope.closeScope());
  }

  /**
   * Rings members of the room whose call the user is in; without `userIds` all who are not in it.
   * @throws ApiError
   */
  async startOutgoingRing(roomId: string, userIds?: string[]): Promise<void> {
    this.starting.set(roomId);
    try {
      await this.realtime.sendCommand('ring:start', { roomId, id: createUuidV7(), ...(userIds && { userIds }) });
    } catch (error) {
      // Two people who call each other are in the same call, without a ring.
      if (!isApiError(error, 'callee_in_call')) throw error;
    } finally {
      this.starting.set(null);
    }
  }

  /** Stops the ringing on all devices; the call is joined afterwards. @throws ApiError; `ring_over` if too late */
  acceptIncomingRing(ring: RingDto): Promise<void> {
    return this.sendRingAnswer(ring, 'ring:accept');
  }

  /** @throws ApiError */
  declineIncomingRing(ring: RingDto): Promise<void> {
    return this.sendRingAnswer(ring, 'ring:decline');
  }

  /** Asks the caller to hold on; the ring goes on. @throws ApiError */
  async holdIncomingRing(ring: RingDto): Promise<void> {
    this.applyRingUpdate((await this.realtime.sendCommand('ring:hold', toRingRef(ring))).ring);
  }

  /** Stops ringing a user into the running call. @throws ApiError */
  async cancelOutgoingRing({ id, calleeId }: Ring): Promise<void> {
    const roomId = this.call.active()?.roomId;
    if (roomId) await this.realtime.sendCommand('ring:cancel', { roomId, ringId: id, userId: calleeId });
  }

  /** Whether the user is in the room's call and somebody is being rung. */
  isRingingOthersInRoom(roomId: string): boolean {
    return this.call.active()?.roomId === roomId && this.outgoing().some(({ ring }) => ring.status === 'ringing');
  }

  private async sendRingAnswer(ring: RingDto, command: 'ring:accept' | 'ring:decline'): Promise<void> {
    const key = incomingRingKey(ring);
    this.answered.update((all) => new Set(all).add(key));
    try {
      this.applyRingUpdate((await this.realtime.sendCommand(command, toRingRef(ring))).ring);
    } catch (error) {
      if (!isApiError(error, 'ring_over', 'ring_not_found')) this.answered.update((all) => withoutItem(all, key));
      throw error;
    }
  }

  private async fetchIncomingRings(): Promise<RingDto[]> {
    const { rings } = await this.realtime.sendCommand('ring:list', {});
    const incoming = rings.filter(({ calleeId, status }) => calleeId === this.user()?.id && status === 'ringing');
    for (const ring of incoming) void this.reportRingReached(ring);
    return incoming;
  }

  private applyRingUpdate(ring: RingDto): void {
    const key = incomingRingKey(ring);
    const before = this.known.items().get(key);
    this.known.changeItem(key, (newest) => (newest && newest.version > ring.version ? newest : ring));
    if (before && before.version > ring.version) return;
    if (ring.status !== 'ringing') this.scheduleRingRemoval(key, ring.version);
    else if (!before) void this.reportRingReached(ring);
  }

  /** Reports to the caller that this device rings. */
  private async reportRingReached(ring: RingDto): Promise<void> {
    try {
      await this.realtime.sendCommand('ring:reach', toRingRef(ring), { volatile: true });
    } catch (error) {
      if (!isApiError(error)) throw error;
      // The ring has ended meanwhile; or the connection is lost, and the list loaded with the next one has the ring.
      if (isApiError(error, 'ring_over', 'ring_not_found', 'offline')) return;
      const isRinging = (): boolean => this.known.items().get(incomingRingKey(ring))?.status === 'ringing';
      this.scope.scheduleTimeout(RETRY_DELAY_MS, () => isRinging() && void this.reportRingReached(ring));
    }
  }

  private scheduleRingRemoval(key: string, version: number): void {
    this.scope.scheduleTimeout(LATE_EVENT_MS, () =>
      this.known.changeItem(key, (ring) => (ring && ring.version > version ? ring : undefined)),
    );
  }

  /** The ring of a call to one person that has ended before they joined. */
  private findUnansweredRing(): RingOutcome | null {
    const activeCall = this.call.active();
    if (!activeCall || activeCall.others().length > 0 || this.starting()) return null;
    if (this.rooms.findRoom(activeCall.roomId)?.kind !== 'direct') return null;
    const last = this.outgoing().at(-1);
    if (!last || last.ring.status === 'ringing' || last.ring.status === 'accepted') return null;
    return { roomId: activeCall.roomId, ...last };
  }

  private leaveUnansweredCall(outcome: RingOutcome): void {
    void this.call.leaveActiveCall();
    if (outcome.phase !== 'cancelled') this.outcome.set(outcome);
  }
}

/** @returns a key for each callee of a ring in a call: one ring may be for several people */
export function ringCalleeKey({ id, calleeId }: Ring): string {
  return `${id} ${calleeId}`;
}

function incomingRingKey({ roomId, id }: RingDto): string {
  return `${roomId} ${id}`;
}

function toRingRef({ roomId, id }: RingDto): RingRefDto {
  return { roomId, ringId: id };
}

function withoutItem<T>(all: ReadonlySet<T>, one: T): ReadonlySet<T> {
  return new Set([...all].filter((other) => other !== one));
}
