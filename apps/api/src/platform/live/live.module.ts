import { Global, Injectable, Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { REDIS_CLIENT } from '../redis/redis.module';
import { LeaseKeepers, leaseMetricProviders } from './lease-keepers';
import { LiveStore } from './live-store';
import { MemoryLiveStore } from './memory-live-store';
import { RedisLiveStore } from './redis-live-store';

/** Reads the events of other replicas while the process runs. */
@Injectable()
class LiveStoreLifecycle implements OnModuleInit, OnApplicationShutdown {
  constructor(private readonly live: LiveStore) {}

  async onModuleInit(): Promise<void> {
    if (this.live instanceof RedisLiveStore) await this.live.startEventFeeds();
  }

  onApplicationShutdown(): void {
    if (this.live instanceof RedisLiveStore) this.live.stopEventFeeds();
  }
}

/** Provides live state and leases: in Redis if it is configured, else in this process. */
@Global()
@Module({
  providers: [
    {
      provide: LiveStore,
      inject: [REDIS_CLIENT],
      useFactory: (redis: Redis | null): LiveStore => (redis ? new RedisLiveStore(redis) : new MemoryLiveStore()),
    },
    LiveStoreLifecycle,
    LeaseKeepers,
    ...leaseMetricProviders,
  ],
  exports: [LiveStore, LeaseKeepers],
})
export class LiveModule {}
