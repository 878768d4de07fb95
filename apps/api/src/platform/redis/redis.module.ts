import { Global, Inject, Injectable, Logger, Module, type OnApplicationShutdown } from '@nestjs/common';
import { createRedisConnection } from '@nestjs-modules/ioredis';
import type { Redis } from 'ioredis';
import { APP_CONFIG, type AppConfig } from '../../config/app-config';
import { errorReasonOf, hostAndPortOf, warnIfSlow } from '../logging/warn-if-slow';
import { logRedisOutages } from './log-redis-outages';
import { REDIS_COMMAND_OPTIONS } from './redis-options';

/** Injection token of the connection to Redis; null without Redis, when everything is kept in memory. */
export const REDIS_CLIENT = Symbol('Redis');

/** Waits for the first connection, since commands fail until then. */
async function connectRedis(config: AppConfig): Promise<Redis | null> {
  if (!config.redisUrl) return null;
  const redis = createRedisConnection({
    type: 'single',
    url: config.redisUrl,
    options: REDIS_COMMAND_OPTIONS,
  }) as Redis;
  logRedisOutages(redis, new Logger('Redis'));
  let reason = 'it does not answer';
  redis.on('error', (error) => (reason = errorReasonOf(error)));
  const ready = new Promise((resolve) => redis.once('ready', resolve));
  const host = hostAndPortOf(config.redisUrl, 6379);
  await warnIfSlow(ready, () => `Redis at ${host} (REDIS_URL) cannot be reached: ${reason}. WebCall goes on trying.`);
  return redis;
}

/** Closes the connection at shutdown, which the library's module never does. */
@Injectable()
class RedisShutdown implements OnApplicationShutdown {
  constructor(@Inject(REDIS_CLIENT) private readonly redis: Redis | null) {}

  onApplicationShutdown(): void {
    this.redis?.disconnect();
  }
}

/** Provides the connection to Redis, if one is configured. */
@Global()
@Module({
  providers: [{ provide: REDIS_CLIENT, inject: [APP_CONFIG], useFactory: connectRedis }, RedisShutdown],
  exports: [REDIS_CLIENT],
})
export class RedisModule {}
