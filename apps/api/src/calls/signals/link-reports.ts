import { Injectable } from '@nestjs/common';
import type { CallReportDto } from '@webcall/contracts';
import { InjectMetric, makeCounterProvider } from '@willsoto/nestjs-prometheus';
import type { Counter } from 'prom-client';
import type { ServerSocket } from '../../platform/realtime/server-socket';
import { LocalSeats } from '../core/local-seats';

const LINK_METRICS = {
  mended: 'webcall_links_mended_total',
  restarted: 'webcall_links_restarted_total',
  rebuilt: 'webcall_links_rebuilt_total',
} as const;

export const linkMetricProviders = [
  makeCounterProvider({ name: LINK_METRICS.mended, help: 'Links that were up without media and carry them again' }),
  makeCounterProvider({ name: LINK_METRICS.restarted, help: 'Links for which a new path was looked for' }),
  makeCounterProvider({ name: LINK_METRICS.rebuilt, help: 'Links that were made anew' }),
];

/** Counts what participants report about their links, which the server cannot see itself. */
@Injectable()
export class LinkReports {
  constructor(
    private readonly local: LocalSeats,
    @InjectMetric(LINK_METRICS.mended) private readonly mended: Counter,
    @InjectMetric(LINK_METRICS.restarted) private readonly restarted: Counter,
    @InjectMetric(LINK_METRICS.rebuilt) private readonly rebuilt: Counter,
  ) {}

  /** @throws AppError not_in_call */
  countLinkReport(socket: ServerSocket, { links }: CallReportDto): void {
    this.local.requireSeatOfSocket(socket);
    this.mended.inc(links.mended);
    this.restarted.inc(links.restarted);
    this.rebuilt.inc(links.rebuilt);
  }
}
