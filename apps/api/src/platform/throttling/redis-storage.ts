import type { Redis } from 'ioredis';
import { type Hits, hits, LimitStorage, type Rate, type Soon } from './limit-storage';
import { Windows } from './windows';

/**
 * KEYS: the window. ARGV: its length, the limit, and how many uses to take at once.
 * @returns all uses with these, how many of these are within the limit, and the ms until the window ends
 */
const TAKE = `
local uses = redis.call('INCRBY', KEYS[1], ARGV[3])
local left = redis.call('PTTL', KEYS[1])
if left < 0 then
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
  left = tonumber(ARGV[1])
end
return { uses, math.max(0, math.min(tonumber(ARGV[3]), ARGV[2] - uses + ARGV[3])), left }`;

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
  webcallTake(
    key: string,
    windowMs: number,
    limit: number,
    uses: number,
  ): Promise<[uses: number, granted: number, leftMs: number]>;
}

/** Uses that were taken and are left, beside all that are used. */
interface Taken {
  left: number;
  uses: number;
  readonly endsAt: number;
}

/** How many uses are taken at once at most, and which share of a limit that may be. */
const TAKEN_AT_ONCE = 30;
const SHARE = 0.01;

/**
 * Counts what is done in all replicas together. Of a large limit a process takes a few uses at once and counts those by
 * itself: signals come by the thousand, and Redis need not be asked about each. What it does not use is lost.
 */
export class RedisStorage extends LimitStorage {
  private readonly redis: CountingRedis;
  private readonly taken = new Windows<Taken>();

  constructor(redis: Redis) {
    super();
    redis.defineCommand('webcallTake', { numberOfKeys: 1, lua: TAKE });
    redis.defineCommand('webcallSpent', { numberOfKeys: 1, lua: SPENT });
    this.redis = redis as CountingRedis;
  }

  count(name: string, key: string, rate: Rate, amount = 1): Soon<Hits> {
    const now = performance.now();
    const own = this.taken.find(name, key, now);
    if (!own || own.left < amount) return this.take(name, key, rate, amount);
    own.left -= amount;
    own.uses += amount;
    return hits(own.uses, own.endsAt - now, false);
  }

  spent(name: string, key: string, limit: number): Promise<number> {
    return this.redis.webcallSpent(windowOf(name, key), limit);
  }

  private async take(name: string, key: string, { limit, ttl }: Rate, amount: number): Promise<Hits> {
    const wanted = amount * Math.max(1, Math.min(TAKEN_AT_ONCE, Math.floor((limit * SHARE) / amount)));
    const now = performance.now();
    const [after, granted, leftMs] = await this.redis.webcallTake(windowOf(name, key), ttl, limit, wanted);
    const uses = after - wanted + amount;
    if (granted > amount) this.taken.set(name, key, { left: granted - amount, uses, endsAt: now + leftMs }, now);
    return hits(uses, leftMs, granted < amount);
  }
}

function windowOf(name: string, key: string): string {
  return `webcall:limits:${name}:${key}`;
}
