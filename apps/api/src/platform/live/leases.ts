import type { Observable } from 'rxjs';

/** Something held for a time: a member of a group. */
export interface Lease {
  group: string;
  member: string;
}

/** Holdings that end by themselves unless they are renewed, by the clock of the store that all replicas share. */
export interface Leases {
  /**
   * Takes a lease, or renews it.
   * @returns whether the group had no living member before
   */
  hold(lease: Lease, ttlMs: number): Promise<boolean>;

  /** Renews many, in one step. */
  renew(leases: readonly Lease[], ttlMs: number): Promise<void>;

  /**
   * Gives a lease up. Nothing happens if there is none.
   * @returns whether the group has no living member after it
   */
  release(lease: Lease): Promise<boolean>;

  /** @returns the living members of each group, in the order of the groups */
  members(groups: readonly string[]): Promise<string[][]>;

  /**
   * Leases that have run out, each given to one caller only. Whoever gets one cleans up after it and then releases it;
   * if they do not (their process died), it is given out again after `retryMs`.
   *
   * When nobody has asked for longer than `quietMs`, the store stood still, or everybody did: many a lease has ended
   * whose holder is well. Then nothing is given out for as long again, so that holders renew first.
   */
  takeExpired(retryMs: number, quietMs: number): Promise<Lease[]>;

  /** The store is there again after it was away: holders renew now. */
  readonly restored: Observable<void>;
}
