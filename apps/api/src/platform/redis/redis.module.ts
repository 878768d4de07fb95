import { Global, Inject, Injectable, Logger, Module, type OnApplicationShutdown } from '@nestjs/common';
import { createRedisConnection } from '@nestjs-modules/ioredis';
import type { Redis } from 'ioredis';
import { APP_CONFIG, type AppConfig } from '../../config/app-config';
import { placeOf, reasonOf, sayIfLate } from '../logging/say-if-late';
import { logOutages } from './log-outages';
import { COMMAND_OPTIONS } from './redis-options';

/** Injection token of the connection to Redis; null when there is none and all is kept in memory. */
export const REDIS = Symbol('Redis');

/** Waits for the first connection: until then no command is accepted. */
async function connect(config: AppConfig): Promise<Redis | null> {
  if (!config.redisUrl) return null;
  const redis = createRedisConnection({ type: 'single', url: config.redisUrl, options: COMMAND_OPTIONS }) as Redis;
  logOutages(redis, new Logger('Redis'));
  let reason = 'it does not answer';
  redis.on('error', (error) => (reason = reasonOf(error)));
  const ready = new Promise((resolve) => redis.once('ready', resolve));
  const place = placeOf(config.redisUrl, 6379);
  await sayIfLate(ready, () => `Redis at ${place} (REDIS_URL) cannot be reached: ${reason}. WebCall goes on trying.`);
  return redis;
}

/** The module of the library never closes its connection. */
@Injectable()
class RedisCloser implements OnApplicationShutdown {
  constructor(@Inject(REDIS) private readonly redis: Redis | null) {}

  onApplicationShutdown(): void {
    this.redis?.disconnect();
  }
}

/** The connection to Redis, when there is one. */
@Global()
@Module({
  providers: [{ provide: REDIS, inject: [APP_CONFIG], useFactory: connect }, RedisCloser],
  exports: [REDIS],
})
export class RedisModule {}
