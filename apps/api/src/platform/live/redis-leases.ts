import type { Redis } from 'ioredis';
import type { Observable } from 'rxjs';
import type { Leases, StoredLease } from './leases';

/**
 * There are two kinds of sorted sets: `due` has every lease by the time at which it is handed out as expired, and each
 * group has its members by the time at which they expire. The clock is that of Redis.
 */
const NOW_SNIPPET = `local t = redis.call('TIME') local now = t[1] * 1000 + math.floor(t[2] / 1000)`;

/** KEYS: due. ARGV: prefix of groups, ttl, then group and member of each. @returns 1 if the last group was empty */
const ACQUIRE_LEASES_SCRIPT = `${NOW_SNIPPET}
local first = 0
for i = 3, #ARGV, 2 do
  local group = ARGV[1] .. ARGV[i]
  first = redis.call('ZCOUNT', group, '(' .. now, '+inf') == 0 and 1 or 0
  redis.call('ZADD', group, now + ARGV[2], ARGV[i + 1])
  redis.call('ZADD', KEYS[1], now + ARGV[2], cjson.encode({ARGV[i], ARGV[i + 1]}))
end
return first`;

/** KEYS: due. ARGV: prefix of groups, group, member. @returns 1 if the group is empty afterwards */
const RELEASE_LEASE_SCRIPT = `${NOW_SNIPPET}
local group = ARGV[1] .. ARGV[2]
redis.call('ZREM', group, ARGV[3])
redis.call('ZREM', KEYS[1], cjson.encode({ARGV[2], ARGV[3]}))
return redis.call('ZCOUNT', group, '(' .. now, '+inf') == 0 and 1 or 0`;

/** ARGV: prefix of groups, then the groups. @returns the members of each */
const LIVING_MEMBERS_SCRIPT = `${NOW_SNIPPET}
local members = {}
for i = 2, #ARGV do members[i - 1] = redis.call('ZRANGEBYSCORE', ARGV[1] .. ARGV[i], '(' .. now, '+inf') end
return members`;

/**
 * KEYS: due, looks (the time of the last look, and until when to wait). ARGV: after how many ms to hand a lease out
 * again, and the ms without a look that count as a standstill.
 * @returns the leases, as JSON
 */
const CLAIM_EXPIRED_SCRIPT = `${NOW_SNIPPET}
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

/** Leases in Redis, shared by all replicas. */
export class RedisLeases implements Leases {
  private readonly dueKey: string;
  private readonly lastLooksKey: string;
  private readonly groupKeyPrefix: string;

  constructor(
    private readonly redis: Redis,
    name: string,
    readonly restored: Observable<void>,
  ) {
    this.lastLooksKey = `webcall:leases:${name}:looks`;
    this.dueKey = `webcall:leases:${name}:due`;
    this.groupKeyPrefix = `webcall:leases:${name}:of:`;
  }

  async acquireLease({ group, member }: StoredLease, ttlMs: number): Promise<boolean> {
    return (
      (await this.redis.eval(ACQUIRE_LEASES_SCRIPT, 1, this.dueKey, this.groupKeyPrefix, ttlMs, group, member)) === 1
    );
  }

  async acquireLeases(leases: readonly StoredLease[], ttlMs: number): Promise<void> {
    if (leases.length === 0) return;
    const pairs = leases.flatMap(({ group, member }) => [group, member]);
    await this.redis.eval(ACQUIRE_LEASES_SCRIPT, 1, this.dueKey, this.groupKeyPrefix, ttlMs, ...pairs);
  }

  async releaseLease({ group, member }: StoredLease): Promise<boolean> {
    return (await this.redis.eval(RELEASE_LEASE_SCRIPT, 1, this.dueKey, this.groupKeyPrefix, group, member)) === 1;
  }

  async listLivingMembers(groups: readonly string[]): Promise<string[][]> {
    if (groups.length === 0) return [];
    return (await this.redis.eval(LIVING_MEMBERS_SCRIPT, 0, this.groupKeyPrefix, ...groups)) as string[][];
  }

  async claimExpiredLeases(retryMs: number, quietMs: number): Promise<StoredLease[]> {
    const expired = (await this.redis.eval(
      CLAIM_EXPIRED_SCRIPT,
      2,
      this.dueKey,
      this.lastLooksKey,
      retryMs,
      quietMs,
    )) as string[];
    return expired.map((json) => {
      const [group, member] = JSON.parse(json) as [string, string];
      return { group, member };
    });
  }
}
