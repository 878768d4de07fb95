import { Inject, Injectable, Logger } from '@nestjs/common';
import { type CallState, isAwaited, type LiveRing } from '@webcall/domain';
import type { Lease, Leases } from '../../platform/live/leases';
import { Live } from '../../platform/live/live';

/** Injection token of how long a user is rung, and how much longer for who was asked to hold on, in ms. */
export const RING_TIMES = Symbol('RingTimes');

export interface RingTimes {
  ring: number;
  hold: number;
}

/** How long rings still have: a lease per ring and callee that nobody renews, and that goes with the ring. */
@Injectable()
export class RingTerms {
  readonly leases: Leases;
  private readonly logger = new Logger(RingTerms.name);

  constructor(
    live: Live,
    @Inject(RING_TIMES) private readonly times: RingTimes,
  ) {
    this.leases = live.leases('rings');
  }

  /**
   * The time of rings begins, and begins anew for who accepts and has to come. It comes before they do: a ring without it
   * would never end.
   */
  async start(roomId: string, ringId: string, calleeIds: readonly string[]): Promise<void> {
    const leases = calleeIds.map((calleeId) => leaseOf(roomId, ringId, calleeId));
    await this.leases.renew(leases, this.times.ring);
  }

  /** The caller waits longer: they were asked to hold on. */
  async extend(roomId: string, ringId: string, calleeId: string): Promise<void> {
    await this.leases.hold(leaseOf(roomId, ringId, calleeId), this.times.hold);
  }

  /** Nobody has to look any more for rings that a step has ended. What is not released runs out by itself. */
  async follow(before: readonly LiveRing[], { id, roomId, rings }: CallState): Promise<void> {
    const over = before.filter(
      (ring) =>
        isAwaited(ring) && !rings.some((now) => now.id === ring.id && now.calleeId === ring.calleeId && isAwaited(now)),
    );
    try {
      await Promise.all(over.map((ring) => this.leases.release(leaseOf(roomId, ring.id, ring.calleeId))));
    } catch (error) {
      this.logger.error({ err: error, callId: id, msg: 'the time of rings that are over runs on' });
    }
  }
}

function leaseOf(roomId: string, ringId: string, calleeId: string): Lease {
  return { group: calleeId, member: `${roomId} ${ringId}` };
}
