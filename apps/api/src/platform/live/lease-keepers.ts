import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { InjectMetric, makeCounterProvider } from '@willsoto/nestjs-prometheus';
import type { Counter } from 'prom-client';
import { LeaseKeeper, type LeaseKeeperOptions } from './lease-keeper';
import type { LeaseKind } from './lease-keys';
import { LiveStore } from './live-store';
import { TypedLeases } from './typed-leases';

const UNREADABLE_METRIC = 'webcall_unreadable_lease_keys_total';

export const leaseMetricProviders = [
  makeCounterProvider({
    name: UNREADABLE_METRIC,
    help: 'Keys of leases that were passed over because this version cannot read them',
    labelNames: ['leases'],
  }),
];

/**
 * Creates all leases and their keepers, and runs the keepers with the application: from when everything else is
 * initialized, until it begins to shut down. They have finished before the live store and the database are closed.
 */
@Injectable()
export class LeaseKeepers implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly names = new Set<string>();
  private readonly keepers: Pick<LeaseKeeper<never, never>, 'startLeaseTimers' | 'stopLeaseTimers'>[] = [];

  constructor(
    private readonly live: LiveStore,
    @InjectMetric(UNREADABLE_METRIC) private readonly unreadable: Counter<'leases'>,
  ) {}

  /** Creates the leases of a kind. Called once for each kind. */
  createLeases<G, M>(kind: LeaseKind<G, M>): TypedLeases<G, M> {
    if (this.names.has(kind.name)) throw new Error(`the leases ${kind.name} exist already`);
    this.names.add(kind.name);
    return new TypedLeases(kind, this.live.createLeases(kind.name), this.unreadable);
  }

  createKeeper<G, M>(leases: TypedLeases<G, M>, options: LeaseKeeperOptions<G, M>): LeaseKeeper<G, M> {
    const keeper = new LeaseKeeper(leases, options);
    this.keepers.push(keeper);
    return keeper;
  }

  onApplicationBootstrap(): void {
    for (const keeper of this.keepers) keeper.startLeaseTimers();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.keepers.map((keeper) => keeper.stopLeaseTimers()));
  }
}
