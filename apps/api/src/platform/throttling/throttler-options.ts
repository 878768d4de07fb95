import type { ThrottlerModuleOptions } from '@nestjs/throttler';
import type { Redis } from 'ioredis';
import type { AppConfig } from '../../config/app-config';
import { FallbackLimitStorage } from './fallback-limit-storage';
import { type LimitRates, PROCESS_LOCAL_LIMITS, scaleLimitRates } from './limit-rates';
import type { LimitName } from './limits';
import { MemoryLimitStorage } from './memory-limit-storage';
import { RedisLimitStorage } from './redis-limit-storage';

/** One of our limits in the format of the throttler. */
export interface NamedThrottler {
  readonly name: LimitName;
  readonly limit: number;
  readonly ttl: number;
  readonly blockDuration: 0;
}

/** Creates all limits for requests and commands, counted in Redis if it is configured, else in this process. */
export function createThrottlerOptions({ throttleScale }: AppConfig, redis: Redis | null): ThrottlerModuleOptions {
  const rates = Object.entries(scaleLimitRates(throttleScale)) as [LimitName, LimitRates[LimitName]][];
  return {
    throttlers: rates.map(([name, rate]): NamedThrottler => ({ name, ...rate, blockDuration: 0 })),
    storage: redis
      ? new FallbackLimitStorage(new RedisLimitStorage(redis), PROCESS_LOCAL_LIMITS)
      : new MemoryLimitStorage(),
    // The error filter sets `Retry-After` for every refusal that has a waiting time.
    setHeaders: false,
  };
}
