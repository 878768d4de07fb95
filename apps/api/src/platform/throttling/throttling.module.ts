import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ThrottlerModule } from '@nestjs/throttler';
import { APP_CONFIG } from '../../config/app-config';
import { REDIS_CLIENT } from '../redis/redis.module';
import { LimitBudgets } from './limit-budgets';
import { LimitGuard } from './limit.guard';
import { createThrottlerOptions } from './throttler-options';

/** Provides the limits on how often actions are allowed. */
@Global()
@Module({
  imports: [ThrottlerModule.forRootAsync({ inject: [APP_CONFIG, REDIS_CLIENT], useFactory: createThrottlerOptions })],
  providers: [LimitBudgets, { provide: APP_GUARD, useClass: LimitGuard }],
  exports: [LimitBudgets],
})
export class ThrottlingModule {}
