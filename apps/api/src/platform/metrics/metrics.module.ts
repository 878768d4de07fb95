import { Module } from '@nestjs/common';
import { PrometheusModule } from '@willsoto/nestjs-prometheus';
import { DatabaseMetrics, databaseMetrics } from './database-metrics';
import { HttpMetrics, httpMetrics } from './http-metrics';
import { MetricsController } from './metrics.controller';

/** Figures for Prometheus. Those of a feature are made where the feature is. */
@Module({
  imports: [
    // The figures of the process itself are collected by main.ts, once for each process.
    PrometheusModule.register({ path: '/', controller: MetricsController, defaultMetrics: { enabled: false } }),
  ],
  providers: [DatabaseMetrics, HttpMetrics, ...databaseMetrics, ...httpMetrics],
})
export class MetricsModule {}
