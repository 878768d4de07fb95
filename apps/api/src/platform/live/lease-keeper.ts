import { Logger } from '@nestjs/common';
import type { Subscription } from 'rxjs';
import type { Lease, Leases } from './leases';

/** After how many leases a keeper cleans up at once: each may take in the whole of what it is a part of. */
const AT_ONCE = 10;

/** Terms of the leases that a keeper looks after. */
export interface KeeperOptions {
  /** For the log. */
  name: string;
  ttlMs: number;
  /** Cleans up after a lease that has run out, on whichever replica; it is released afterwards. */
  onExpired: (lease: Lease) => Promise<void>;
}

/**
 * Renews the leases of this process and cleans up after those of any process that have run out. A process that dies
 * stops renewing, and the others clean up after it.
 */
export class LeaseKeeper {
  private readonly logger = new Logger(LeaseKeeper.name);
  private readonly kept = new Map<string, Lease>();
  private timers: NodeJS.Timeout[] = [];
  private restored: Subscription | undefined;

  constructor(
    private readonly leases: Leases,
    private readonly options: KeeperOptions,
  ) {}

  start(): void {
    const { ttlMs, name } = this.options;
    this.timers = [
      this.every(ttlMs / 3, () => this.renewAll()),
      this.every(Math.min(ttlMs / 3, 1000), () => this.sweep()),
    ];
    this.restored = this.leases.restored.subscribe(() => {
      this.renewAll().catch((error: unknown) => this.logger.error({ err: error }, `the leases of ${name} wait`));
    });
  }

  stop(): void {
    for (const timer of this.timers) clearInterval(timer);
    this.restored?.unsubscribe();
  }

  /**
   * Takes a lease and renews it from now on. If the store is away, it is as it was before.
   * @returns whether the group had no living member before
   */
  async keep(lease: Lease): Promise<boolean> {
    const key = keyOf(lease);
    const held = this.kept.has(key);
    this.kept.set(key, lease);
    try {
      return await this.leases.hold(lease, this.options.ttlMs);
    } catch (error) {
      if (!held) this.kept.delete(key);
      throw error;
    }
  }

  /** Renews a lease for the last time: unless somebody takes it, it will run out. */
  async abandon(lease: Lease): Promise<void> {
    this.forget(lease);
    await this.leases.hold(lease, this.options.ttlMs);
  }

  /** Leaves the lease to whoever holds it now. */
  forget(lease: Lease): void {
    this.kept.delete(keyOf(lease));
  }

  /** @returns whether the group has no living member after it */
  async release(lease: Lease): Promise<boolean> {
    this.forget(lease);
    return this.leases.release(lease);
  }

  private renewAll(): Promise<void> {
    return this.leases.renew([...this.kept.values()], this.options.ttlMs);
  }

  private async sweep(): Promise<void> {
    const { ttlMs } = this.options;
    // Half a term is longer than it takes all holders to renew, and shorter than what a lease has left after a renewal.
    const expired = await this.leases.takeExpired(ttlMs, ttlMs / 2);
    const failures: unknown[] = [];
    const worker = async (): Promise<void> => {
      for (let lease = expired.shift(); lease; lease = expired.shift()) {
        await this.cleanUp(lease).catch((error: unknown) => failures.push(error));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    if (failures.length > 0) throw failures[0];
  }

  private async cleanUp(lease: Lease): Promise<void> {
    // Held by this process, so it ran out while the process or the store stood still.
    if (this.kept.has(keyOf(lease))) return this.leases.renew([lease], this.options.ttlMs);
    await this.options.onExpired(lease);
    const [living = []] = await this.leases.members([lease.group]);
    if (!living.includes(lease.member)) await this.leases.release(lease);
  }

  /** Work that fails is done again at the next turn; only the first failure in a row is logged. */
  private every(ms: number, work: () => Promise<void>): NodeJS.Timeout {
    let state: 'idle' | 'busy' | 'failed' = 'idle';
    const timer = setInterval(() => {
      if (state === 'busy') return;
      const failedBefore = state === 'failed';
      state = 'busy';
      work().then(
        () => (state = 'idle'),
        (error: unknown) => {
          state = 'failed';
          if (!failedBefore) this.logger.error({ err: error }, `the leases of ${this.options.name} wait`);
        },
      );
    }, ms);
    return timer.unref();
  }
}

function keyOf({ group, member }: Lease): string {
  return `${group} ${member}`;
}
