import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { PgBoss } from 'pg-boss';
import { APP_CONFIG, type AppConfig } from '../../config/app-config';
import { jobMetricProviders, JobMetrics } from './job-metrics';
import { JobOutages } from './job-outages';
import { JobQueue } from './job-queue';
import { JobRunner } from './job-runner';
import { createBossOptions } from './job-settings';

/** What is done later and must not be lost, and what is done on a schedule, once for all replicas. */
@Global()
@Module({
  imports: [DiscoveryModule],
  providers: [
    {
      provide: PgBoss,
      inject: [APP_CONFIG],
      useFactory: (config: AppConfig) => new PgBoss(createBossOptions(config)),
    },
    JobQueue,
    JobRunner,
    JobOutages,
    JobMetrics,
    ...jobMetricProviders,
  ],
  exports: [JobQueue],
})
export class JobsModule {}
