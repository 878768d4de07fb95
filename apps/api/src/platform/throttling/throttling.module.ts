import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import type { Redis } from 'ioredis';
import { REDIS } from '../redis/redis.module';
import { Counters } from './counters';
import { LimitGuard } from './limit.guard';
import { Limiter } from './limiter';
import { MemoryCounters } from './memory-counters';
import { RedisCounters } from './redis-counters';

/** Limits on how often something can be done: counted in Redis when there is one, else in this process. */
@Global()
@Module({
  providers: [
    {
      provide: Counters,
      inject: [REDIS],
      useFactory: (redis: Redis | null): Counters => (redis ? new RedisCounters(redis) : new MemoryCounters()),
    },
    Limiter,
    { provide: APP_GUARD, useClass: LimitGuard },
  ],
  exports: [Limiter],
})
export class ThrottlingModule {}
