import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { missRing } from '@webcall/domain';
import type { Lease, Leases } from '../platform/live/leases';
import { LeaseKeeper } from '../platform/live/lease-keeper';
import { Live } from '../platform/live/live';
import { Seats } from './seats';

/** Injection token of how long a user is rung, and how much longer for who was asked to hold on, in ms. */
export const RING_TIMES = Symbol('RingTimes');

export interface RingTimes {
  ring: number;
  hold: number;
}

/** When to look again for a ring whose end could not be written, in ms. */
const RETRY = 5000;

/**
 * Rings users for a limited time. The time of a ring is a lease that nobody renews: whichever replica finds that it has
 * run out looks whether the ring still goes on.
 */
@Injectable()
export class RingClock implements OnModuleInit, OnApplicationShutdown {
  private readonly leases: Leases;
  private readonly keeper: LeaseKeeper;

  constructor(
    live: Live,
    private readonly seats: Seats,
    @Inject(RING_TIMES) private readonly times: RingTimes,
  ) {
    this.leases = live.leases('rings');
    this.keeper = new LeaseKeeper(this.leases, {
      name: 'rings',
      ttlMs: RETRY,
      onExpired: (lease) => this.miss(lease),
    });
  }

  onModuleInit(): void {
    this.keeper.start();
  }

  onApplicationShutdown(): void {
    this.keeper.stop();
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

  private async miss({ group: calleeId, member }: Lease): Promise<void> {
    const [roomId = '', ringId = ''] = member.split(' ');
    await this.seats.take(roomId, async (live) => {
      if (!live) return undefined;
      const [living = []] = await this.leases.members([calleeId]);
      return living.includes(member) ? undefined : { step: missRing(live.call, ringId, calleeId) };
    });
  }
}

function leaseOf(roomId: string, ringId: string, calleeId: string): Lease {
  return { group: calleeId, member: `${roomId} ${ringId}` };
}
