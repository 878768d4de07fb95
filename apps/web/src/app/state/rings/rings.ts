import { computed, DestroyRef, effect, inject, Injectable, linkedSignal, signal, untracked } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import type { RingDto, RingRefDto } from '@webcall/contracts';
import type { Ring } from '@webcall/domain';
import { Scope, uuidv7 } from '@webcall/base';
import { isApiError } from '../../core/net/api-error';
import { CallSession } from '../call/call-session';
import { RealtimeClient } from '../../core/net/realtime-client';
import { phaseOf, type RingPhase } from './ring-phase';
import { RoomList } from '../rooms/room-list';
import { Session } from '../../core/session/session';

/** A ring by the user in the running call, as they are told of it. */
export interface OutgoingRing {
  ring: Ring;
  phase: RingPhase;
}

/** How a call to one person ended before it began. */
export interface RingOutcome extends OutgoingRing {
  roomId: string;
}

const TICK = 500;
/** When what the server could not take is told again, in ms. */
const RETRY = 1000;
/** An event that is older than the end of a ring is not later than this. */
const LATE = 60_000;

/** The rings for the user on this device, and those that the user has begun. */
@Injectable({ providedIn: 'root' })
export class Rings {
  private readonly realtime = inject(RealtimeClient);
  private readonly call = inject(CallSession);
  private readonly rooms = inject(RoomList);
  private readonly user = inject(Session).user;
  /**
   * The newest that is known of each ring for the user, for a while also of those that are over: an older event may
   * still come.
   */
  private readonly known = signal<ReadonlyMap<string, RingDto>>(new Map());
  private readonly scope = new Scope();
  /** Rings that were answered here, until the server says so too. */
  private readonly answered = linkedSignal<ReadonlyMap<string, RingDto>, ReadonlySet<string>>({
    source: this.known,
    computation: (known, before) => {
      const rings = (key: string): boolean => known.get(key)?.status === 'ringing';
      return new Set([...(before?.value ?? [])].filter(rings));
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
      new Map(rings.map((ring) => [ringKey(ring), before?.value.get(ringKey(ring)) ?? performance.now()])),
  });
  /** Rings that changed while the list was on its way; null when none is. */
  private meanwhile: Set<string> | null = null;

  /** The oldest first. */
  readonly incoming = computed<readonly RingDto[]>(() => {
    const answered = this.answered();
    return [...this.known().values()].filter((ring) => ring.status === 'ringing' && !answered.has(keyOf(ring)));
  });
  /** Those that the user has begun in the running call. */
  readonly outgoing = computed<readonly OutgoingRing[]>(() => {
    const [now, firstSeen] = [this.now(), this.firstSeen()];
    return this.mine().map((ring) => ({ ring, phase: phaseOf(ring, now - (firstSeen.get(ringKey(ring)) ?? now)) }));
  });
  /** The room in which somebody is about to be rung. */
  readonly starting = signal<string | null>(null);
  /** Why a call to one person came to nothing, until it is dismissed or the next call. */
  readonly outcome = signal<RingOutcome | null>(null);

  constructor() {
    this.realtime.connected.pipe(takeUntilDestroyed()).subscribe(() => void this.load());
    this.realtime
      .on('ring:changed')
      .pipe(takeUntilDestroyed())
      .subscribe(({ ring }) => ring.calleeId === this.user()?.id && this.take(ring));
    effect((onCleanup) => {
      if (!this.outgoing().some(({ ring }) => ring.status === 'ringing')) return;
      const ticking = setInterval(() => this.now.set(performance.now()), TICK);
      onCleanup(() => clearInterval(ticking));
    });
    effect(() => {
      const over = this.unanswered();
      if (over) untracked(() => this.conclude(over));
    });
    effect(() => {
      if (this.call.active() || this.call.joining()) this.outcome.set(null);
    });
    inject(DestroyRef).onDestroy(() => this.scope.close());
  }

  /**
   * Rings members of the room whose call the user is in; without names everybody who is not in it.
   * @throws ApiError
   */
  async start(roomId: string, userIds?: string[]): Promise<void> {
    this.starting.set(roomId);
    try {
      await this.realtime.send('ring:start', { roomId, id: uuidv7(), ...(userIds && { userIds }) });
    } catch (error) {
      // Two people who call each other are in the same call, without a ring.
      if (!isApiError(error, 'callee_in_call')) throw error;
    } finally {
      this.starting.set(null);
    }
  }

  /** Stops the ringing on all devices. The call is joined after it. @throws ApiError; `ring_over` when it was too late */
  accept(ring: RingDto): Promise<void> {
    return this.answer(ring, 'ring:accept');
  }

  /** @throws ApiError */
  decline(ring: RingDto): Promise<void> {
    return this.answer(ring, 'ring:decline');
  }

  /** Asks the caller to hold on; it goes on ringing. @throws ApiError */
  async hold(ring: RingDto): Promise<void> {
    this.take((await this.realtime.send('ring:hold', refOf(ring))).ring);
  }

  /** Rings somebody in the running call no longer. @throws ApiError */
  async cancel({ id, calleeId }: Ring): Promise<void> {
    const roomId = this.call.active()?.roomId;
    if (roomId) await this.realtime.send('ring:cancel', { roomId, ringId: id, userId: calleeId });
  }

  /** Whether the user is in the call of this room and somebody is called into it. */
  isRinging(roomId: string): boolean {
    return this.call.active()?.roomId === roomId && this.outgoing().some(({ ring }) => ring.status === 'ringing');
  }

  private async answer(ring: RingDto, command: 'ring:accept' | 'ring:decline'): Promise<void> {
    const key = keyOf(ring);
    this.answered.update((all) => new Set(all).add(key));
    try {
      this.take((await this.realtime.send(command, refOf(ring))).ring);
    } catch (error) {
      if (!isApiError(error, 'ring_over', 'ring_not_found')) this.answered.update((all) => without(all, key));
      throw error;
    }
  }

  /** A device that comes while it rings, or comes back, rings too. */
  private async load(): Promise<void> {
    const meanwhile = (this.meanwhile = new Set<string>());
    try {
      const { rings } = await this.realtime.send('ring:list', {});
      const mine = rings.filter(({ calleeId }) => calleeId === this.user()?.id);
      const listed = new Set(mine.map(keyOf));
      const stays = ([key, ring]: [string, RingDto]): boolean =>
        ring.status !== 'ringing' || listed.has(key) || meanwhile.has(key);
      this.known.update((all) => new Map([...all].filter(stays)));
      for (const ring of mine) this.take(ring, true);
    } catch (error) {
      if (!isApiError(error)) throw error;
      console.warn('Whether somebody calls is not known for now', error);
      // With the next connection it is asked for anyway.
      if (error.code !== 'offline') this.scope.timeout(RETRY, () => void this.load());
    } finally {
      if (this.meanwhile === meanwhile) this.meanwhile = null;
    }
  }

  private take(ring: RingDto, again = false): void {
    const key = keyOf(ring);
    const before = this.known().get(key);
    this.meanwhile?.add(key);
    if (before && before.version > ring.version) return;
    this.known.update((all) => new Map(all).set(key, ring));
    if (ring.status !== 'ringing') this.forgetLater(key, ring.version);
    else if (!before || again) void this.reach(ring);
  }

  /** Tells the caller that this device rings. */
  private async reach(ring: RingDto): Promise<void> {
    try {
      await this.realtime.send('ring:reach', refOf(ring), { volatile: true });
    } catch (error) {
      if (!isApiError(error)) throw error;
      // It was answered or given up meanwhile; or the line is gone, and the list that follows a new one has it again.
      if (isApiError(error, 'ring_over', 'ring_not_found', 'offline')) return;
      const rings = (): boolean => this.known().get(keyOf(ring))?.status === 'ringing';
      this.scope.timeout(RETRY, () => rings() && void this.reach(ring));
    }
  }

  private forgetLater(key: string, version: number): void {
    this.scope.timeout(LATE, () =>
      this.known.update((all) => new Map([...all].filter(([other, ring]) => other !== key || ring.version > version))),
    );
  }

  /** The ring of a call to one person that has ended before they came. */
  private unanswered(): RingOutcome | null {
    const stay = this.call.active();
    if (!stay || stay.others().length > 0 || this.starting()) return null;
    if (this.rooms.rooms().find(({ id }) => id === stay.roomId)?.kind !== 'direct') return null;
    const over = this.outgoing().at(-1);
    if (!over || over.ring.status === 'ringing' || over.ring.status === 'accepted') return null;
    return { roomId: stay.roomId, ...over };
  }

  private conclude(outcome: RingOutcome): void {
    void this.call.leave();
    if (outcome.phase !== 'cancelled') this.outcome.set(outcome);
  }
}

/** @returns what tells the rings in a call apart: one ring may be for several people */
export function ringKey({ id, calleeId }: Ring): string {
  return `${id} ${calleeId}`;
}

function keyOf({ roomId, id }: RingDto): string {
  return `${roomId} ${id}`;
}

function refOf({ roomId, id }: RingDto): RingRefDto {
  return { roomId, ringId: id };
}

function without<T>(all: ReadonlySet<T>, one: T): ReadonlySet<T> {
  return new Set([...all].filter((other) => other !== one));
}
