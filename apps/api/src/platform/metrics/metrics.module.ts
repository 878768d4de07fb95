import { Module } from '@nestjs/common';
import { PrometheusModule } from '@willsoto/nestjs-prometheus';
import { databaseMetricProviders, DatabaseMetrics } from './database-metrics';
import { httpMetricProviders, HttpMetrics } from './http-metrics';
import { MetricsController } from './metrics.controller';

/** The Prometheus endpoint and general metrics. Each feature defines its own metrics. */
@Module({
  imports: [
    // The default metrics of the process are collected by main.ts, once per process.
    PrometheusModule.register({ path: '/', controller: MetricsController, defaultMetrics: { enabled: false } }),
  ],
  providers: [DatabaseMetrics, HttpMetrics, ...databaseMetricProviders, ...httpMetricProviders],
})
export class MetricsModule {}
