import { Logger } from '@nestjs/common';
import type { Subscription } from 'rxjs';
import type { Lease, StoredLease } from './leases';
import type { TypedLeases } from './typed-leases';

/** How many expired leases a keeper cleans up at once. Few, since each clean-up may load the whole of a call. */
const CLEANUP_CONCURRENCY = 10;

/** Options of a lease keeper. */
export interface LeaseKeeperOptions<G, M> {
  ttlMs: number;
  /** Cleans up after an expired lease of any replica; the keeper releases it afterwards. */
  onExpired: (lease: Lease<G, M>) => Promise<void>;
}

/**
 * Renews the leases of this process and cleans up after expired leases of any process. A process that dies stops
 * renewing, so that the others clean up after it.
 */
export class LeaseKeeper<G, M> {
  private readonly logger = new Logger(LeaseKeeper.name);
  private readonly kept = new Map<string, Lease<G, M>>();
  private readonly running = new Set<Promise<void>>();
  private timers: NodeJS.Timeout[] = [];
  private restored: Subscription | undefined;

  constructor(
    private readonly leases: TypedLeases<G, M>,
    private readonly options: LeaseKeeperOptions<G, M>,
  ) {}

  startLeaseTimers(): void {
    const { ttlMs } = this.options;
    const sweep = this.repeatableWork(() => this.sweepExpiredLeases());
    const renew = (): (() => void) => this.repeatableWork(() => this.renewKeptLeases());
    this.timers = [setInterval(renew(), ttlMs / 3).unref(), setInterval(sweep, Math.min(ttlMs / 3, 1000)).unref()];
    // Not one with the timer's: that one may still be waiting for the store as it was.
    this.restored = this.leases.restored.subscribe(renew());
  }

  /** Starts nothing from now on, and waits for what is running. */
  async stopLeaseTimers(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    this.restored?.unsubscribe();
    await Promise.all(this.running);
  }

  /** @returns the leases that this process renews */
  listKeptLeases(): Lease<G, M>[] {
    return [...this.kept.values()];
  }

  /**
   * Takes a lease and renews it from now on. If the store fails, the lease is renewed only if it was before.
   * @returns whether the group had no living member before
   */
  async keepLeaseRenewed(lease: Lease<G, M>): Promise<boolean> {
    const key = this.keyOfLease(lease);
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
  async holdLeaseForOneTerm(lease: Lease<G, M>): Promise<void> {
    this.stopRenewing(lease);
    await this.leases.acquireLease(lease, this.options.ttlMs);
  }

  /** Stops renewing a lease that another process may hold now. */
  stopRenewing(lease: Lease<G, M>): void {
    this.kept.delete(this.keyOfLease(lease));
  }

  /** @returns whether the group has no living member afterwards */
  async releaseKeptLease(lease: Lease<G, M>): Promise<boolean> {
    this.stopRenewing(lease);
    return this.leases.releaseLease(lease);
  }

  private renewKeptLeases(): Promise<void> {
    return this.leases.acquireLeases(this.listKeptLeases(), this.options.ttlMs);
  }

  private async sweepExpiredLeases(): Promise<void> {
    const { ttlMs } = this.options;
    // Half a term is longer than holders need to renew, and shorter than the remaining time of a renewed lease.
    const expired = await this.leases.stored.claimExpiredLeases(ttlMs, ttlMs / 2);
    const failures: unknown[] = [];
    const worker = async (): Promise<void> => {
      for (let lease = expired.shift(); lease; lease = expired.shift()) {
        await this.cleanUpExpiredLease(lease).catch((error: unknown) => failures.push(error));
      }
    };
    await Promise.all(Array.from({ length: CLEANUP_CONCURRENCY }, worker));
    if (failures.length > 0) throw failures[0];
  }

  private async cleanUpExpiredLease(stored: StoredLease): Promise<void> {
    // This process holds the lease, so it expired during a standstill of the process or the store.
    if (this.kept.has(keyOf(stored))) return this.leases.stored.acquireLeases([stored], this.options.ttlMs);
    const lease = this.leases.decodeLease(stored);
    if (!lease) return;
    await this.options.onExpired(lease);
    const [living = []] = await this.leases.stored.listLivingMembers([stored.group]);
    if (!living.includes(stored.member)) await this.leases.stored.releaseLease(stored);
  }

  private keyOfLease(lease: Lease<G, M>): string {
    return keyOf(this.leases.encodeLease(lease));
  }

  /**
   * Work that can be started again and again: while it still runs it is not started, and of failures in a row only the
   * first is logged.
   */
  private repeatableWork(work: () => Promise<void>): () => void {
    let state: 'idle' | 'busy' | 'failed' = 'idle';
    return () => {
      if (state === 'busy') return;
      const failedBefore = state === 'failed';
      state = 'busy';
      const done = work().then(
        () => void (state = 'idle'),
        (error: unknown) => {
          state = 'failed';
          if (failedBefore) return;
          this.logger.warn({ err: error, leases: this.leases.name, msg: 'leases could not be renewed or cleaned up' });
        },
      );
      this.running.add(done);
      void done.then(() => this.running.delete(done));
    };
  }
}

function keyOf({ group, member }: StoredLease): string {
  return `${group} ${member}`;
}
