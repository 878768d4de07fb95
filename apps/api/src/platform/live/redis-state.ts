import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { logOutages } from '../redis/log-outages';
import { FEED_OPTIONS } from '../redis/redis-options';
import { LiveState } from './live-state';

/** How many events Redis keeps for a replica that is late. */
const FEED_LENGTH = 10_000;

/** How long one look for events waits, and how long to wait after one that failed, in ms. */
const BLOCK = 5000;
const PAUSE = 200;

/**
 * KEYS: value, feed. ARGV: before, after (empty: none), length of the feed, events.
 * The events enter the feed in the same step, so their order is the order of the changes.
 */
const SWAP = `
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
if ARGV[2] == '' then redis.call('DEL', KEYS[1]) else redis.call('SET', KEYS[1], ARGV[2]) end
for i = 4, #ARGV do redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[3], '*', 'event', ARGV[i]) end
return 1`;

/** Values in Redis, and a stream of their events that each replica reads on a connection of its own. */
export class RedisState<T extends object, E extends object> extends LiveState<T, E> {
  private readonly logger = new Logger(RedisState.name);
  private readonly prefix: string;
  private readonly feed: string;
  private reader: Redis | undefined;

  constructor(
    private readonly redis: Redis,
    name: string,
  ) {
    super();
    this.prefix = `webcall:live:${name}:of:`;
    this.feed = `webcall:live:${name}:feed`;
  }

  async start(): Promise<void> {
    const reader = this.redis.duplicate(FEED_OPTIONS);
    logOutages(reader, this.logger);
    this.reader = reader;
    // From here on by id: "what comes next" would miss what comes between two looks.
    const [newest] = await reader.xrevrange(this.feed, '+', '-', 'COUNT', 1);
    void this.follow(reader, newest?.[0] ?? '0-0');
  }

  stop(): void {
    this.reader?.disconnect();
    this.reader = undefined;
  }

  protected async load(keys: readonly string[]): Promise<(string | undefined)[]> {
    const values = await this.redis.mget(keys.map((key) => this.prefix + key));
    return values.map((value) => value ?? undefined);
  }

  protected async swap(key: string, before: string | undefined, after: string | undefined, events: readonly E[]) {
    const told = events.map((event) => JSON.stringify(event));
    const keys = [this.prefix + key, this.feed];
    return (await this.redis.eval(SWAP, 2, ...keys, before ?? '', after ?? '', FEED_LENGTH, ...told)) === 1;
  }

  private async follow(reader: Redis, from: string): Promise<void> {
    let last = from;
    while (this.reader === reader) {
      try {
        const answer = await reader.xread('COUNT', 100, 'BLOCK', BLOCK, 'STREAMS', this.feed, last);
        for (const [id, [, event]] of answer?.[0]?.[1] ?? []) {
          last = id;
          if (event) this.events.next(JSON.parse(event) as E);
        }
      } catch (error) {
        if (this.reader !== reader) return;
        this.logger.error({ err: error }, 'the feed cannot be read');
        await delay(PAUSE);
      }
    }
  }
}
