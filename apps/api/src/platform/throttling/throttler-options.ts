import type { ThrottlerModuleOptions } from '@nestjs/throttler';
import type { Redis } from 'ioredis';
import type { AppConfig } from '../../config/app-config';
import type { LimitName } from './limits';
import { MemoryStorage } from './memory-storage';
import { ALONE, type Rates, ratesAt } from './rates';
import { RedisStorage } from './redis-storage';
import { SteadyStorage } from './steady-storage';

/** One of our limits, as the throttler takes it. */
export interface NamedThrottler {
  readonly name: LimitName;
  readonly limit: number;
  readonly ttl: number;
  readonly blockDuration: 0;
}

/** All limits, for requests and commands alike; counted in Redis when there is one, else in this process. */
export function throttlerOptions({ throttleScale }: AppConfig, redis: Redis | null): ThrottlerModuleOptions {
  const rates = Object.entries(ratesAt(throttleScale)) as [LimitName, Rates[LimitName]][];
  return {
    throttlers: rates.map(([name, rate]): NamedThrottler => ({ name, ...rate, blockDuration: 0 })),
    storage: redis ? new SteadyStorage(new RedisStorage(redis), ALONE) : new MemoryStorage(),
    // A refusal says when to come again, as every refusal with a time does.
    setHeaders: false,
  };
}
