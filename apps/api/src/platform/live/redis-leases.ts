import type { Redis } from 'ioredis';
import type { Observable } from 'rxjs';
import type { Lease, Leases } from './leases';

/**
 * Two kinds of sorted sets: `due` has every lease by the time at which its end is given out, and each group has its
 * members by the time at which they end. The time is Redis's own.
 */
const NOW = `local t = redis.call('TIME') local now = t[1] * 1000 + math.floor(t[2] / 1000)`;

/** KEYS: due. ARGV: prefix of groups, ttl, then group and member of each. @returns 1 if the last group had no member */
const HOLD = `${NOW}
local first = 0
for i = 3, #ARGV, 2 do
  local group = ARGV[1] .. ARGV[i]
  first = redis.call('ZCOUNT', group, '(' .. now, '+inf') == 0 and 1 or 0
  redis.call('ZADD', group, now + ARGV[2], ARGV[i + 1])
  redis.call('ZADD', KEYS[1], now + ARGV[2], cjson.encode({ARGV[i], ARGV[i + 1]}))
end
return first`;

/** KEYS: due. ARGV: prefix of groups, group, member. @returns 1 if the group has no member after it */
const RELEASE = `${NOW}
local group = ARGV[1] .. ARGV[2]
redis.call('ZREM', group, ARGV[3])
redis.call('ZREM', KEYS[1], cjson.encode({ARGV[2], ARGV[3]}))
return redis.call('ZCOUNT', group, '(' .. now, '+inf') == 0 and 1 or 0`;

/** ARGV: prefix of groups, then the groups. @returns the members of each */
const MEMBERS = `${NOW}
local members = {}
for i = 2, #ARGV do members[i - 1] = redis.call('ZRANGEBYSCORE', ARGV[1] .. ARGV[i], '(' .. now, '+inf') end
return members`;

/**
 * KEYS: due, looks (when somebody last looked, and until when to wait). ARGV: when to give them out again, and how long a
 * silence is one. @returns the leases, as JSON
 */
const TAKE = `${NOW}
local last = redis.call('HMGET', KEYS[2], 'at', 'wait')
redis.call('HSET', KEYS[2], 'at', now)
if last[1] and now - last[1] > tonumber(ARGV[2]) then
  redis.call('HSET', KEYS[2], 'wait', now + ARGV[2])
  return {}
end
if last[2] and now < tonumber(last[2]) then return {} end
local expired = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, 100)
for _, lease in ipairs(expired) do redis.call('ZADD', KEYS[1], now + ARGV[1], lease) end
return expired`;

export class RedisLeases implements Leases {
  private readonly due: string;
  private readonly looks: string;
  private readonly prefix: string;

  constructor(
    private readonly redis: Redis,
    name: string,
    readonly restored: Observable<void>,
  ) {
    this.looks = `webcall:leases:${name}:looks`;
    this.due = `webcall:leases:${name}:due`;
    this.prefix = `webcall:leases:${name}:of:`;
  }

  async hold({ group, member }: Lease, ttlMs: number): Promise<boolean> {
    return (await this.redis.eval(HOLD, 1, this.due, this.prefix, ttlMs, group, member)) === 1;
  }

  async renew(leases: readonly Lease[], ttlMs: number): Promise<void> {
    if (leases.length === 0) return;
    const pairs = leases.flatMap(({ group, member }) => [group, member]);
    await this.redis.eval(HOLD, 1, this.due, this.prefix, ttlMs, ...pairs);
  }

  async release({ group, member }: Lease): Promise<boolean> {
    return (await this.redis.eval(RELEASE, 1, this.due, this.prefix, group, member)) === 1;
  }

  async members(groups: readonly string[]): Promise<string[][]> {
    if (groups.length === 0) return [];
    return (await this.redis.eval(MEMBERS, 0, this.prefix, ...groups)) as string[][];
  }

  async takeExpired(retryMs: number, quietMs: number): Promise<Lease[]> {
    const expired = (await this.redis.eval(TAKE, 2, this.due, this.looks, retryMs, quietMs)) as string[];
    return expired.map((json) => {
      const [group, member] = JSON.parse(json) as [string, string];
      return { group, member };
    });
  }
}
