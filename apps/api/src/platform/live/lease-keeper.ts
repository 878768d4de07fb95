import { Logger } from '@nestjs/common';
import type { Subscription } from 'rxjs';
import type { Lease, Leases } from './leases';

/** How many expired leases a keeper cleans up at once. Few, since each clean-up may load the whole of a call. */
const CLEANUP_CONCURRENCY = 10;

/** Options of a lease keeper. */
export interface LeaseKeeperOptions {
  /** Name of the leases in the log. */
  name: string;
  ttlMs: number;
  /** Cleans up after an expired lease of any replica; the keeper releases it afterwards. */
  onExpired: (lease: Lease) => Promise<void>;
}

/**
 * Renews the leases of this process and cleans up after expired leases of any process. A process that dies stops
 * renewing, so that the others clean up after it.
 */
export class LeaseKeeper {
  private readonly logger = new Logger(LeaseKeeper.name);
  private readonly kept = new Map<string, Lease>();
  private timers: NodeJS.Timeout[] = [];
  private restored: Subscription | undefined;

  constructor(
    private readonly leases: Leases,
    private readonly options: LeaseKeeperOptions,
  ) {}

  startLeaseTimers(): void {
    const { ttlMs, name } = this.options;
    this.timers = [
      this.scheduleRepeatedly(ttlMs / 3, () => this.renewKeptLeases()),
      this.scheduleRepeatedly(Math.min(ttlMs / 3, 1000), () => this.sweepExpiredLeases()),
    ];
    this.restored = this.leases.restored.subscribe(() => {
      this.renewKeptLeases().catch((error: unknown) =>
        this.logger.warn({ err: error, leases: name, msg: 'leases could not be renewed when the store came back' }),
      );
    });
  }

  stopLeaseTimers(): void {
    for (const timer of this.timers) clearInterval(timer);
    this.restored?.unsubscribe();
  }

  /**
   * Takes a lease and renews it from now on. If the store fails, the lease is renewed only if it was before.
   * @returns whether the group had no living member before
   */
  async keepLeaseRenewed(lease: Lease): Promise<boolean> {
    const key = leaseKeyOf(lease);
    const wasKept = this.kept.has(key);
    this.kept.set(key, lease);
    try {
      return await this.leases.acquireLease(lease, this.options.ttlMs);
    } catch (error) {
      if (!wasKept) this.kept.delete(key);
      throw error;
    }
  }

  /** Takes or renews a lease for one last term: it expires unless somebody takes it again. */
  async holdLeaseForOneTerm(lease: Lease): Promise<void> {
    this.stopRenewing(lease);
    await this.leases.acquireLease(lease, this.options.ttlMs);
  }

  /** Stops renewing a lease that another process may hold now. */
  stopRenewing(lease: Lease): void {
    this.kept.delete(leaseKeyOf(lease));
  }

  /** @returns whether the group has no living member afterwards */
  async releaseKeptLease(lease: Lease): Promise<boolean> {
    this.stopRenewing(lease);
    return this.leases.releaseLease(lease);
  }

  private renewKeptLeases(): Promise<void> {
    return this.leases.acquireLeases([...this.kept.values()], this.options.ttlMs);
  }

  private async sweepExpiredLeases(): Promise<void> {
    const { ttlMs } = this.options;
    // Half a term is longer than holders need to renew, and shorter than the remaining time of a renewed lease.
    const expired = await this.leases.claimExpiredLeases(ttlMs, ttlMs / 2);
    const failures: unknown[] = [];
    const worker = async (): Promise<void> => {
      for (let lease = expired.shift(); lease; lease = expired.shift()) {
        await this.cleanUpExpiredLease(lease).catch((error: unknown) => failures.push(error));
      }
    };
    await Promise.all(Array.from({ length: CLEANUP_CONCURRENCY }, worker));
    if (failures.length > 0) throw failures[0];
  }

  private async cleanUpExpiredLease(lease: Lease): Promise<void> {
    // This process holds the lease, so it expired during a standstill of the process or the store.
    if (this.kept.has(leaseKeyOf(lease))) return this.leases.acquireLeases([lease], this.options.ttlMs);
    await this.options.onExpired(lease);
    const [living = []] = await this.leases.listLivingMembers([lease.group]);
    if (!living.includes(lease.member)) await this.leases.releaseLease(lease);
  }

  /** Repeats the work, also after failures; only the first failure in a row is logged. */
  private scheduleRepeatedly(ms: number, work: () => Promise<void>): NodeJS.Timeout {
    let state: 'idle' | 'busy' | 'failed' = 'idle';
    const timer = setInterval(() => {
      if (state === 'busy') return;
      const failedBefore = state === 'failed';
      state = 'busy';
      work().then(
        () => (state = 'idle'),
        (error: unknown) => {
          state = 'failed';
          if (failedBefore) return;
          this.logger.warn({ err: error, leases: this.options.name, msg: 'leases could not be renewed or cleaned up' });
        },
      );
    }, ms);
    return timer.unref();
  }
}

function leaseKeyOf({ group, member }: Lease): string {
  return `${group} ${member}`;
}
