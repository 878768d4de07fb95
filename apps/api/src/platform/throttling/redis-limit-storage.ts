import type { Redis } from 'ioredis';
import { type LimitHits, type LimitRate, LimitStorage, type MaybePromise, toLimitHits } from './limit-storage';
import { currentWindowTime, LimitWindows } from './limit-windows';

/**
 * KEYS: the window. ARGV: its length, the limit, and how many uses to take at once.
 * @returns the total of uses, how many of the taken ones are within the limit, and the ms until the window ends
 */
const TAKE_USES_SCRIPT = `
local uses = redis.call('INCRBY', KEYS[1], ARGV[3])
local left = redis.call('PTTL', KEYS[1])
if left < 0 then
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
  left = tonumber(ARGV[1])
end
return { uses, math.max(0, math.min(tonumber(ARGV[3]), ARGV[2] - uses + ARGV[3])), left }`;

/**
 * KEYS: the window. ARGV: the limit.
 * @returns the ms until the window ends if the limit is used up, else 0
 */
const BLOCK_TIME_SCRIPT = `
if tonumber(redis.call('GET', KEYS[1]) or '0') < tonumber(ARGV[1]) then return 0 end
return math.max(0, redis.call('PTTL', KEYS[1]))`;

/** Redis with our scripts, which are called by their hashes. */
interface CountingRedis extends Redis {
  webcallSpent(key: string, limit: number): Promise<number>;
  webcallTake(
    key: string,
    windowMs: number,
    limit: number,
    uses: number,
  ): Promise<[uses: number, granted: number, leftMs: number]>;
}

/** Uses that this process took from a window: those left, and the total of used ones. */
interface TakenUses {
  left: number;
  uses: number;
  readonly endsAt: number;
}

/** The most uses to take at once: a number, and a share of the limit. */
const MAX_USES_AT_ONCE = 30;
const MAX_SHARE_AT_ONCE = 0.01;

/**
 * Counts the uses of all replicas together in Redis. Of a large limit a process takes a few uses at once and counts
 * them itself, so that thousands of signals do not need a query each. Taken uses that remain unused are lost.
 */
export class RedisLimitStorage extends LimitStorage {
  private readonly redis: CountingRedis;
  private readonly taken = new LimitWindows<TakenUses>();

  constructor(redis: Redis) {
    super();
    redis.defineCommand('webcallTake', { numberOfKeys: 1, lua: TAKE_USES_SCRIPT });
    redis.defineCommand('webcallSpent', { numberOfKeys: 1, lua: BLOCK_TIME_SCRIPT });
    this.redis = redis as CountingRedis;
  }

  countLimitUse(name: string, key: string, rate: LimitRate, amount = 1): MaybePromise<LimitHits> {
    const now = currentWindowTime();
    const window = this.taken.findOpenWindow(name, key, now);
    if (!window || window.left < amount) return this.takeUsesAtOnce(name, key, rate, amount);
    window.left -= amount;
    window.uses += amount;
    return toLimitHits(window.uses, window.endsAt - now, false);
  }

  remainingBlockMs(name: string, key: string, limit: number): Promise<number> {
    return this.redis.webcallSpent(windowKeyOf(name, key), limit);
  }

  private async takeUsesAtOnce(
    name: string,
    key: string,
    { limit, ttl }: LimitRate,
    amount: number,
  ): Promise<LimitHits> {
    const asked = amount * Math.max(1, Math.min(MAX_USES_AT_ONCE, Math.floor((limit * MAX_SHARE_AT_ONCE) / amount)));
    const now = currentWindowTime();
    const [after, granted, leftMs] = await this.redis.webcallTake(windowKeyOf(name, key), ttl, limit, asked);
    const uses = after - asked + amount;
    if (granted > amount)
      this.taken.storeWindow(name, key, { left: granted - amount, uses, endsAt: now + leftMs }, now);
    return toLimitHits(uses, leftMs, granted < amount);
  }
}

function windowKeyOf(name: string, key: string): string {
  return `webcall:limits:${name}:${key}`;
}
