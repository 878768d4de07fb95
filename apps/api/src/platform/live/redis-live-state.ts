import { Logger } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { setTimeout as delay } from 'node:timers/promises';
import { logRedisOutages } from '../redis/log-redis-outages';
import { REDIS_FEED_OPTIONS } from '../redis/redis-options';
import { type LiveFormat, UnreadableLiveValue } from './live-format';
import { LiveState } from './live-state';

/** About how many events Redis keeps for replicas that are behind. */
const FEED_LENGTH = 10_000;

/** How long one read waits for events, and the delay after a failed read, in ms. */
const FEED_BLOCK_MS = 5000;
const FEED_RETRY_MS = 200;

/**
 * KEYS: value, feed. ARGV: before, after (empty: none), length of the feed, version of the events, events.
 * The events enter the feed in the same step, so their order is the order of the changes.
 */
const COMPARE_AND_SET_SCRIPT = `
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
if ARGV[2] == '' then redis.call('DEL', KEYS[1]) else redis.call('SET', KEYS[1], ARGV[2]) end
for i = 5, #ARGV do
  redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[3], '*', 'event', ARGV[i], 'version', ARGV[4])
end
return 1`;

/** Live state in Redis: its values, and a stream of events that each replica reads on a connection of its own. */
export class RedisLiveState<T extends object, E extends object> extends LiveState<T, E> {
  private readonly logger = new Logger(RedisLiveState.name);
  private readonly prefix: string;
  private readonly feed: string;
  private reader: Redis | undefined;

  constructor(
    private readonly redis: Redis,
    name: string,
    format: LiveFormat<T>,
  ) {
    super(format);
    this.prefix = `webcall:live:${name}:of:`;
    this.feed = `webcall:live:${name}:feed`;
  }

  async startFeedReader(): Promise<void> {
    const reader = this.redis.duplicate(REDIS_FEED_OPTIONS);
    logRedisOutages(reader, this.logger);
    this.reader = reader;
    // Reading starts after a known id: `$`, which means new events only, would miss events between two reads.
    const [newest] = await reader.xrevrange(this.feed, '+', '-', 'COUNT', 1);
    void this.followEventFeed(reader, newest?.[0] ?? '0-0');
  }

  stopFeedReader(): void {
    this.reader?.disconnect();
    this.reader = undefined;
  }

  protected async loadStoredValues(keys: readonly string[]): Promise<(string | undefined)[]> {
    const values = await this.redis.mget(keys.map((key) => this.prefix + key));
    return values.map((value) => value ?? undefined);
  }

  protected async storeIfUnchanged(
    key: string,
    before: string | undefined,
    after: string | undefined,
    events: readonly E[],
  ) {
    const json = events.map((event) => JSON.stringify(event));
    const keys = [this.prefix + key, this.feed];
    const values = [before ?? '', after ?? '', FEED_LENGTH, this.format.writesVersion, ...json];
    return (await this.redis.eval(COMPARE_AND_SET_SCRIPT, 2, ...keys, ...values)) === 1;
  }

  private async followEventFeed(reader: Redis, startId: string): Promise<void> {
    let lastId = startId;
    while (this.reader === reader) {
      try {
        const answer = await reader.xread('COUNT', 100, 'BLOCK', FEED_BLOCK_MS, 'STREAMS', this.feed, lastId);
        for (const [id, fields] of answer?.[0]?.[1] ?? []) {
          lastId = id;
          this.emitFeedEvent(fields);
        }
      } catch (error) {
        if (this.reader !== reader) return;
        this.logger.warn({ err: error, feed: this.feed, msg: 'an event feed could not be read' });
        await delay(FEED_RETRY_MS);
      }
    }
  }

  /** @param fields of an entry of the feed; a release without versions sends only the event */
  private emitFeedEvent([, event, , version = '1']: string[]): void {
    if (Number(version) > this.format.readsUpTo)
      this.reportUnreadable(new UnreadableLiveValue(this.feed, Number(version)));
    else if (event) this.events.next(JSON.parse(event) as E);
  }
}
