import type { Logger } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { errorReasonOf } from '../logging/warn-if-slow';

/** Logs when the connection to Redis is lost and when it is back, but not each attempt in between. */
export function logRedisOutages(redis: Redis, logger: Logger): void {
  let isLost = false;
  redis.on('error', (error: Error) => {
    // The reason on its own, too: the failure of several attempts at once has an empty message.
    if (!isLost) logger.warn({ err: error, reason: errorReasonOf(error), msg: 'Redis cannot be reached' });
    isLost = true;
  });
  redis.on('ready', () => {
    if (isLost) logger.log('Redis can be reached again');
    isLost = false;
  });
}
