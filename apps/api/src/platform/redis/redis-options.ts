import type { RedisOptions } from 'ioredis';

/** Delay between attempts to reconnect, in ms: it decides how soon the server recovers when Redis is back. */
const RECONNECT_DELAY_MS = 250;

/**
 * Options of the connection for commands whose callers wait. They fail at once while Redis is unreachable and soon when
 * it hangs. A failed command never runs later: it is neither queued nor sent again.
 */
export const REDIS_COMMAND_OPTIONS: RedisOptions = {
  retryStrategy: () => RECONNECT_DELAY_MS,
  maxRetriesPerRequest: 0,
  connectTimeout: 3000,
  // Not much shorter: a very busy process must not mistake its own delay for an outage.
  commandTimeout: 4000,
  // A frozen server, or one whose network is down, closes no connection.
  socketTimeout: 5000,
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
};

/** Options of connections that read or write event feeds: commands wait for Redis as long as it takes. */
export const REDIS_FEED_OPTIONS: RedisOptions = {
  ...REDIS_COMMAND_OPTIONS,
  maxRetriesPerRequest: null,
  commandTimeout: undefined,
  // Longer than a blocking read of a feed.
  socketTimeout: 10_000,
  enableOfflineQueue: true,
  autoResendUnfulfilledCommands: true,
};
