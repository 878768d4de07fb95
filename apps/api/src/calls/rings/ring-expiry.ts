import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { markRingMissed } from '@webcall/domain';
import { LeaseKeeper } from '../../platform/live/lease-keeper';
import type { Lease } from '../../platform/live/leases';
import { CallTransitions } from '../core/call-transitions';
import { RING_RETRY_MS } from '../records/call-times';
import { RingDeadlines } from './ring-deadlines';

/** Ends rings whose deadline has passed; any replica that finds an expired deadline checks the ring and ends it. */
@Injectable()
export class RingExpiry implements OnModuleInit, OnApplicationShutdown {
  private readonly keeper: LeaseKeeper;

  constructor(
    private readonly deadlines: RingDeadlines,
    private readonly transitions: CallTransitions,
  ) {
    this.keeper = new LeaseKeeper(deadlines.leases, {
      name: 'rings',
      ttlMs: RING_RETRY_MS,
      onExpired: (lease) => this.missExpiredRing(lease),
    });
  }

  onModuleInit(): void {
    this.keeper.startLeaseTimers();
  }

  onApplicationShutdown(): void {
    this.keeper.stopLeaseTimers();
  }

  private async missExpiredRing({ group: calleeId, member }: Lease): Promise<void> {
    const [roomId = '', ringId = ''] = member.split(' ');
    await this.transitions.applyTransition(roomId, async (live) => {
      if (!live) return undefined;
      const [living = []] = await this.deadlines.leases.listLivingMembers([calleeId]);
      return living.includes(member) ? undefined : { step: markRingMissed(live.call, ringId, calleeId) };
    });
  }
}
