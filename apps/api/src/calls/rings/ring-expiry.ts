import { Injectable } from '@nestjs/common';
import { markRingMissed } from '@webcall/domain';
import { LeaseKeepers } from '../../platform/live/lease-keepers';
import type { Lease } from '../../platform/live/leases';
import type { RingOfRoom } from '../core/call-leases';
import { CallTransitions } from '../core/call-transitions';
import { RING_RETRY_MS } from '../records/call-times';
import { RingDeadlines } from './ring-deadlines';

/** Ends rings whose deadline has passed; any replica that finds an expired deadline checks the ring and ends it. */
@Injectable()
export class RingExpiry {
  constructor(
    keepers: LeaseKeepers,
    private readonly deadlines: RingDeadlines,
    private readonly transitions: CallTransitions,
  ) {
    keepers.createKeeper(deadlines.leases, {
      ttlMs: RING_RETRY_MS,
      onExpired: (deadline) => this.missExpiredRing(deadline),
    });
  }

  private async missExpiredRing({ group: calleeId, member: ring }: Lease<string, RingOfRoom>): Promise<void> {
    await this.transitions.applyTransition(ring.roomId, async (live) => {
      if (!live) return undefined;
      const [living = []] = await this.deadlines.leases.listLivingMembers([calleeId]);
      return living.some(({ roomId, ringId }) => roomId === ring.roomId && ringId === ring.ringId)
        ? undefined
        : { step: markRingMissed(live.call, ring.ringId, calleeId) };
    });
  }
}
