import { Injectable } from '@nestjs/common';
import type { CallReportDto } from '@webcall/contracts';
import { InjectMetric, makeCounterProvider } from '@willsoto/nestjs-prometheus';
import type { Counter } from 'prom-client';
import type { ServerSocket } from '../../platform/realtime/socket';
import { LocalSeats } from '../core/local-seats';

const METRICS = {
  mended: 'webcall_links_mended_total',
  restarted: 'webcall_links_restarted_total',
  rebuilt: 'webcall_links_rebuilt_total',
} as const;

export const linkMetrics = [
  makeCounterProvider({ name: METRICS.mended, help: 'Links that were up without media and carry them again' }),
  makeCounterProvider({ name: METRICS.restarted, help: 'Links for which a new path was looked for' }),
  makeCounterProvider({ name: METRICS.rebuilt, help: 'Links that were made anew' }),
];

/** Counts what participants tell of their links, which the server does not see. */
@Injectable()
export class LinkReports {
  constructor(
    private readonly local: LocalSeats,
    @InjectMetric(METRICS.mended) private readonly mended: Counter,
    @InjectMetric(METRICS.restarted) private readonly restarted: Counter,
    @InjectMetric(METRICS.rebuilt) private readonly rebuilt: Counter,
  ) {}

  /** @throws AppError not_in_call */
  take(socket: ServerSocket, { links }: CallReportDto): void {
    this.local.require(socket);
    this.mended.inc(links.mended);
    this.restarted.inc(links.restarted);
    this.rebuilt.inc(links.rebuilt);
  }
}
