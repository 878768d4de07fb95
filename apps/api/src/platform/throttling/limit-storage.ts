import type { ThrottlerStorage } from '@nestjs/throttler';

/** The throttler's result for a key: its hits including this one, whether it is refused, and the seconds left. */
export type LimitHits = Awaited<ReturnType<ThrottlerStorage['increment']>>;

/** A value that is often available at once. Waiting only if needed saves time: thousands of signals are counted. */
export type MaybePromise<T> = T | Promise<T>;

/** How many uses are allowed within `ttl` ms. */
export interface LimitRate {
  readonly limit: number;
  readonly ttl: number;
}

/**
 * Counts uses by limit and key, in windows that begin with the first use. Beyond the throttler's interface it can count
 * several uses at once, and look without counting.
 */
export abstract class LimitStorage implements ThrottlerStorage {
  /** Counts one more use, or `amount` uses. */
  abstract countLimitUse(name: string, key: string, rate: LimitRate, amount?: number): MaybePromise<LimitHits>;

  /**
   * Looks without counting.
   * @returns the ms until the window ends if `limit` is used up, else 0
   */
  abstract remainingBlockMs(name: string, key: string, limit: number): MaybePromise<number>;

  /** A refusal lasts until the window ends: none of our limits blocks for longer (`blockDuration`). */
  async increment(key: string, ttl: number, limit: number, _blockDuration: number, name: string): Promise<LimitHits> {
    return this.countLimitUse(name, key, { limit, ttl });
  }
}

/** @returns the times in seconds with fractions; callers that show a waiting time round up */
export function toLimitHits(totalHits: number, leftMs: number, isBlocked: boolean): LimitHits {
  const seconds = leftMs / 1000;
  return { totalHits, timeToExpire: seconds, isBlocked, timeToBlockExpire: isBlocked ? seconds : 0 };
}
