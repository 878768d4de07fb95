import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { missRing } from '@webcall/domain';
import type { Lease } from '../../platform/live/leases';
import { LeaseKeeper } from '../../platform/live/lease-keeper';
import { RING_RETRY } from '../records/call-times';
import { RingTerms } from './ring-terms';
import { Seats } from '../core/seats';

/** Ends rings whose time is up: whichever replica finds that it has run out looks whether the ring still goes on. */
@Injectable()
export class RingClock implements OnModuleInit, OnApplicationShutdown {
  private readonly keeper: LeaseKeeper;

  constructor(
    private readonly terms: RingTerms,
    private readonly seats: Seats,
  ) {
    this.keeper = new LeaseKeeper(terms.leases, {
      name: 'rings',
      ttlMs: RING_RETRY,
      onExpired: (lease) => this.miss(lease),
    });
  }

  onModuleInit(): void {
    this.keeper.start();
  }

  onApplicationShutdown(): void {
    this.keeper.stop();
  }

  private async miss({ group: calleeId, member }: Lease): Promise<void> {
    const [roomId = '', ringId = ''] = member.split(' ');
    await this.seats.take(roomId, async (live) => {
      if (!live) return undefined;
      const [living = []] = await this.terms.leases.members([calleeId]);
      return living.includes(member) ? undefined : { step: missRing(live.call, ringId, calleeId) };
    });
  }
}
