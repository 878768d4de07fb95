import type { Observable } from 'rxjs';

/** A membership in a group that lasts for a limited time. */
export interface Lease<G, M> {
  readonly group: G;
  readonly member: M;
}

/** A lease with its keys as they are in the store. */
export type StoredLease = Lease<string, string>;

/** Leases that expire unless they are renewed, by the clock of the store that all replicas share. */
export interface Leases {
  /**
   * Takes a lease, or renews it.
   * @returns whether the group had no living member before
   */
  acquireLease(lease: StoredLease, ttlMs: number): Promise<boolean>;

  /** Takes or renews many leases in one step. */
  acquireLeases(leases: readonly StoredLease[], ttlMs: number): Promise<void>;

  /**
   * Gives up a lease, if it exists.
   * @returns whether the group has no living member afterwards
   */
  releaseLease(lease: StoredLease): Promise<boolean>;

  /** @returns the living members of each group, in the order of the groups */
  listLivingMembers(groups: readonly string[]): Promise<string[][]>;

  /**
   * Hands out expired leases, each to one caller only, who cleans up after it and then releases it. If it is not
   * released, because that process died, it is handed out again after `retryMs`.
   *
   * If nobody has called this for longer than `quietMs`, the store or all processes stood still, and leases of healthy
   * holders have expired, too. Then nothing is handed out for another `quietMs`, so that holders can renew first.
   */
  claimExpiredLeases(retryMs: number, quietMs: number): Promise<StoredLease[]>;

  /** Emits when the store is reachable again: holders renew their leases then. */
  readonly restored: Observable<void>;
}
