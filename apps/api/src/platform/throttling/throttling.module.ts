import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ThrottlerModule } from '@nestjs/throttler';
import { APP_CONFIG } from '../../config/app-config';
import { REDIS } from '../redis/redis.module';
import { Budgets } from './budgets';
import { LimitGuard } from './limit.guard';
import { throttlerOptions } from './throttler-options';

/** Limits on how often something can be done. */
@Global()
@Module({
  imports: [ThrottlerModule.forRootAsync({ inject: [APP_CONFIG, REDIS], useFactory: throttlerOptions })],
  providers: [Budgets, { provide: APP_GUARD, useClass: LimitGuard }],
  exports: [Budgets],
})
export class ThrottlingModule {}
