import { Global, Injectable, Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { REDIS } from '../redis/redis.module';
import { Live } from './live';
import { MemoryLive } from './memory-live';
import { RedisLive } from './redis-live';

/** Follows what other replicas tell as long as the process runs. */
@Injectable()
class LiveFollower implements OnModuleInit, OnApplicationShutdown {
  constructor(private readonly live: Live) {}

  async onModuleInit(): Promise<void> {
    if (this.live instanceof RedisLive) await this.live.start();
  }

  onApplicationShutdown(): void {
    if (this.live instanceof RedisLive) this.live.stop();
  }
}

/** Live state and leases: in Redis when there is one, else in this process. */
@Global()
@Module({
  providers: [
    {
      provide: Live,
      inject: [REDIS],
      useFactory: (redis: Redis | null): Live => (redis ? new RedisLive(redis) : new MemoryLive()),
    },
    LiveFollower,
  ],
  exports: [Live],
})
export class LiveModule {}
