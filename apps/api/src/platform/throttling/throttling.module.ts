import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ThrottlerStorage, ThrottlerStorageService } from '@nestjs/throttler';
import { ThrottlerStorageRedisService } from '@nest-lab/throttler-storage-redis';
import type { Redis } from 'ioredis';
import { REDIS } from '../redis/redis.module';
import { LimitGuard } from './limit.guard';
import { Limiter } from './limiter';

/** Limits on how often something can be done: counted in Redis when there is one, else in this process. */
@Global()
@Module({
  providers: [
    {
      provide: ThrottlerStorage,
      inject: [REDIS],
      useFactory: (redis: Redis | null): ThrottlerStorage =>
        redis ? new ThrottlerStorageRedisService(redis) : new ThrottlerStorageService(),
    },
    Limiter,
    { provide: APP_GUARD, useClass: LimitGuard },
  ],
  exports: [Limiter],
})
export class ThrottlingModule {}
