import { Injectable } from '@nestjs/common';
import { InjectMetric, makeHistogramProvider } from '@willsoto/nestjs-prometheus';
import type { Histogram } from 'prom-client';
import type { AnsweredRequest } from '../http/observe-requests';

const REQUEST_DURATION_METRIC = 'webcall_http_request_duration_seconds';

export const httpMetricProviders = [
  makeHistogramProvider({
    name: REQUEST_DURATION_METRIC,
    help: 'Time from request to answer over REST, by route template',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  }),
];

/** Measures REST requests: how long they take and their status. */
@Injectable()
export class HttpMetrics {
  constructor(
    @InjectMetric(REQUEST_DURATION_METRIC) private readonly duration: Histogram<'method' | 'route' | 'status'>,
  ) {}

  recordRequestDuration({ method, route, status, ms }: AnsweredRequest): void {
    this.duration.observe({ method, route, status }, ms / 1000);
  }
}
