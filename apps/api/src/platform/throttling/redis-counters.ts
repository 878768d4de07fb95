import type { Redis } from 'ioredis';
import { Counters } from './counters';

/** KEYS: the window. ARGV: its length, the limit. @returns 0 or the ms until it ends */
const COUNT = `
local uses = redis.call('INCR', KEYS[1])
local left = redis.call('PTTL', KEYS[1])
if left < 0 then
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
  left = tonumber(ARGV[1])
end
return uses > tonumber(ARGV[2]) and left or 0`;

/** Redis with our script, which it is asked for by its hash. */
interface CountingRedis extends Redis {
  webcallCount(key: string, windowMs: number, limit: number): Promise<number>;
}

/** Counts what is done in all replicas together. */
export class RedisCounters extends Counters {
  private readonly redis: CountingRedis;

  constructor(redis: Redis) {
    super();
    redis.defineCommand('webcallCount', { numberOfKeys: 1, lua: COUNT });
    this.redis = redis as CountingRedis;
  }

  count(key: string, windowMs: number, limit: number): Promise<number> {
    return this.redis.webcallCount(`webcall:limits:${key}`, windowMs, limit);
  }
}
