import type { Logger } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { reasonOf } from '../logging/say-if-late';

/** Logs when Redis is lost and when it is back, and not each of the attempts in between. */
export function logOutages(redis: Redis, logger: Logger): void {
  let lost = false;
  redis.on('error', (error: Error) => {
    if (!lost) logger.warn(`Redis is not reached: ${reasonOf(error)}`);
    lost = true;
  });
  redis.on('ready', () => {
    if (lost) logger.log('Redis is reached again');
    lost = false;
  });
}
