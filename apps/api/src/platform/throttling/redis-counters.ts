import type { Redis } from 'ioredis';
import { Counters } from './counters';

/**
 * KEYS: the window. ARGV: its length, the limit, and how many uses to take at once.
 * @returns how many of them are within the limit, and the ms until the window ends
 */
const TAKE = `
local uses = redis.call('INCRBY', KEYS[1], ARGV[3])
local left = redis.call('PTTL', KEYS[1])
if left < 0 then
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
  left = tonumber(ARGV[1])
end
return { math.max(0, math.min(tonumber(ARGV[3]), ARGV[2] - uses + ARGV[3])), left }`;

/**
 * KEYS: the window. ARGV: the limit.
 * @returns 0, or when it is used up the ms until the window ends
 */
const SPENT = `
if tonumber(redis.call('GET', KEYS[1]) or '0') < tonumber(ARGV[1]) then return 0 end
return math.max(0, redis.call('PTTL', KEYS[1]))`;

/** Redis with our scripts, which it is asked for by their hashes. */
interface CountingRedis extends Redis {
  webcallSpent(key: string, limit: number): Promise<number>;
  webcallTake(key: string, windowMs: number, limit: number, uses: number): Promise<[granted: number, leftMs: number]>;
}

/** How many uses are taken at once at most, and which share of a limit that may be. */
const TAKEN_AT_ONCE = 30;
const SHARE = 0.01;

/** How often windows that are over are cleared away, in ms. */
const CLEAR_EVERY = 60_000;

/**
 * Counts what is done in all replicas together. Of a large limit a process takes a few uses at once and counts those by
 * itself: signals come by the thousand, and Redis need not be asked about each. What it does not use is lost.
 */
export class RedisCounters extends Counters {
  private readonly redis: CountingRedis;
  private readonly taken = new Map<string, { uses: number; endsAt: number }>();
  private clearAt = performance.now() + CLEAR_EVERY;

  constructor(redis: Redis) {
    super();
    redis.defineCommand('webcallTake', { numberOfKeys: 1, lua: TAKE });
    redis.defineCommand('webcallSpent', { numberOfKeys: 1, lua: SPENT });
    this.redis = redis as CountingRedis;
  }

  async count(key: string, windowMs: number, limit: number, amount = 1): Promise<number> {
    const now = performance.now();
    if (now > this.clearAt) this.clear(now);
    const own = this.taken.get(key);
    if (own && own.uses >= amount && own.endsAt > now) {
      own.uses -= amount;
      return 0;
    }
    const wanted = amount * Math.max(1, Math.min(TAKEN_AT_ONCE, Math.floor((limit * SHARE) / amount)));
    const [granted, leftMs] = await this.redis.webcallTake(`webcall:limits:${key}`, windowMs, limit, wanted);
    if (granted > amount) this.taken.set(key, { uses: granted - amount, endsAt: now + leftMs });
    return granted >= amount ? 0 : leftMs;
  }

  spent(key: string, limit: number): Promise<number> {
    return this.redis.webcallSpent(`webcall:limits:${key}`, limit);
  }

  private clear(now: number): void {
    this.clearAt = now + CLEAR_EVERY;
    for (const [key, { endsAt }] of this.taken) if (endsAt <= now) this.taken.delete(key);
  }
}
