import type { ThrottlerStorage } from '@nestjs/throttler';

/** What the throttler wants to know of a key: its hits with this one, whether it is refused, and how many seconds are left. */
export type Hits = Awaited<ReturnType<ThrottlerStorage['increment']>>;

/** Known at once when nobody else has to be asked: signals come by the thousand, and each is counted several times. */
export type Soon<T> = T | Promise<T>;

/** How much is let through in which time, in ms. */
export interface Rate {
  readonly limit: number;
  readonly ttl: number;
}

/**
 * Counts by limit and key, in windows that begin with a use. Besides what the throttler asks of its storage it counts what
 * weighs more than one use, and looks without counting.
 */
export abstract class LimitStorage implements ThrottlerStorage {
  /** Counts one more use, or one that weighs as much as `amount`. */
  abstract count(name: string, key: string, rate: Rate, amount?: number): Soon<Hits>;

  /**
   * Looks without counting.
   * @returns 0, or when as much as `limit` is used up the ms until the window ends
   */
  abstract spent(name: string, key: string, limit: number): Soon<number>;

  /** What is refused is so until its window ends: no limit of ours blocks for longer (`blockDuration`). */
  async increment(key: string, ttl: number, limit: number, _blockDuration: number, name: string): Promise<Hits> {
    return this.count(name, key, { limit, ttl });
  }
}

/** In seconds with their fractions: whoever tells somebody to wait rounds up. */
export function hits(totalHits: number, leftMs: number, isBlocked: boolean): Hits {
  const seconds = leftMs / 1000;
  return { totalHits, timeToExpire: seconds, isBlocked, timeToBlockExpire: isBlocked ? seconds : 0 };
}
