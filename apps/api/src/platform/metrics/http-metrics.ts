import { Injectable } from '@nestjs/common';
import { InjectMetric, makeHistogramProvider } from '@willsoto/nestjs-prometheus';
import type { Histogram } from 'prom-client';
import type { Answered } from '../http/observe-requests';

const DURATION = 'webcall_http_request_duration_seconds';

export const httpMetrics = [
  makeHistogramProvider({
    name: DURATION,
    help: 'Time from request to answer over REST, by route template',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  }),
];

/** How long REST requests take, and how they end. */
@Injectable()
export class HttpMetrics {
  constructor(@InjectMetric(DURATION) private readonly duration: Histogram<'method' | 'route' | 'status'>) {}

  observe({ method, route, status, ms }: Answered): void {
    this.duration.observe({ method, route, status }, ms / 1000);
  }
}
