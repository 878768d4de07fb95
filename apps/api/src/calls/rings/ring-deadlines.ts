import { Inject, Injectable, Logger } from '@nestjs/common';
import { type CallState, isCalleeAwaited, type LiveRing } from '@webcall/domain';
import { LeaseKeepers } from '../../platform/live/lease-keepers';
import type { Lease } from '../../platform/live/leases';
import type { TypedLeases } from '../../platform/live/typed-leases';
import { RING_DEADLINE_LEASES, type RingOfRoom } from '../core/call-leases';

/** Injection token of how long a user is rung, and how long after the caller was asked to hold on, in ms. */
export const RING_TIMES = Symbol('RingTimes');

export interface RingTimes {
  ring: number;
  hold: number;
}

/** Deadlines of rings: a lease per ring and callee that nobody renews, and that is released when the ring ends. */
@Injectable()
export class RingDeadlines {
  readonly leases: TypedLeases<string, RingOfRoom>;
  private readonly logger = new Logger(RingDeadlines.name);

  constructor(
    keepers: LeaseKeepers,
    @Inject(RING_TIMES) private readonly times: RingTimes,
  ) {
    this.leases = keepers.createLeases(RING_DEADLINE_LEASES);
  }

  /**
   * Starts the deadlines of rings, or restarts that of a callee who accepts and now has to join. To be called before
   * the ring starts or is accepted: a ring without a deadline would never end.
   */
  async startRingDeadlines(roomId: string, ringId: string, calleeIds: readonly string[]): Promise<void> {
    const leases = calleeIds.map((calleeId) => deadlineLeaseOf(roomId, ringId, calleeId));
    await this.leases.acquireLeases(leases, this.times.ring);
  }

  /** Extends the deadline of a ring whose caller was asked to hold on. */
  async extendRingDeadline(roomId: string, ringId: string, calleeId: string): Promise<void> {
    await this.leases.acquireLease(deadlineLeaseOf(roomId, ringId, calleeId), this.times.hold);
  }

  /** Releases the deadlines of rings that a step has ended. A deadline that cannot be released expires by itself. */
  async releaseEndedDeadlines(before: readonly LiveRing[], { id, roomId, rings }: CallState): Promise<void> {
    const ended = before.filter(
      (ring) =>
        isCalleeAwaited(ring) &&
        !rings.some((now) => now.id === ring.id && now.calleeId === ring.calleeId && isCalleeAwaited(now)),
    );
    try {
      await Promise.all(ended.map((ring) => this.leases.releaseLease(deadlineLeaseOf(roomId, ring.id, ring.calleeId))));
    } catch (error) {
      this.logger.warn({ err: error, callId: id, msg: 'the deadlines of ended rings could not be released' });
    }
  }
}

function deadlineLeaseOf(roomId: string, ringId: string, calleeId: string): Lease<string, RingOfRoom> {
  return { group: calleeId, member: { roomId, ringId } };
}
