import { Global, Inject, Injectable, Logger, Module, type OnApplicationShutdown } from '@nestjs/common';
import { createRedisConnection } from '@nestjs-modules/ioredis';
import type { Redis } from 'ioredis';
import { APP_CONFIG, type AppConfig } from '../../config/app-config';
import { logOutages } from './log-outages';

/** Injection token of the connection to Redis; null when there is none and all is kept in memory. */
export const REDIS = Symbol('Redis');

function connect(config: AppConfig): Redis | null {
  if (!config.redisUrl) return null;
  // A command waits for Redis to come back, about a second with these attempts, and then fails: better than for ever.
  const redis = createRedisConnection({
    type: 'single',
    url: config.redisUrl,
    options: { maxRetriesPerRequest: 5, retryStrategy: (attempt) => Math.min(attempt * 50, 1000) },
  }) as Redis;
  logOutages(redis, new Logger('Redis'));
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
