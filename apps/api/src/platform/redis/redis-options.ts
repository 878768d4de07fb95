import type { RedisOptions } from 'ioredis';

/** How often a lost connection is tried again, in ms: what decides how soon all is well when Redis is back. */
const RETRY = 250;

/**
 * Of the connection for commands that somebody waits for. They fail at once while Redis is away and soon when it hangs,
 * and what has failed does not happen later: it is neither kept for a better time nor sent again.
 */
export const COMMAND_OPTIONS: RedisOptions = {
  retryStrategy: () => RETRY,
  maxRetriesPerRequest: 0,
  connectTimeout: 3000,
  // Not much less: a process that is very busy must not take its own delay for an outage.
  commandTimeout: 4000,
  // A server that stands still, or whose network is gone, closes no connection.
  socketTimeout: 5000,
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
};

/** Of connections for feeds and those who fill them: what is sent over them waits for Redis as long as it takes. */
export const FEED_OPTIONS: RedisOptions = {
  ...COMMAND_OPTIONS,
  maxRetriesPerRequest: null,
  commandTimeout: undefined,
  // Longer than a look for news waits.
  socketTimeout: 10_000,
  enableOfflineQueue: true,
  autoResendUnfulfilledCommands: true,
};
