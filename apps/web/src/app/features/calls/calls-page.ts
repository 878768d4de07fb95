import { Component, computed, inject } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { RouterLink } from '@angular/router';
import type { PastCallDto } from '@webcall/contracts';
import { debounceTime, filter, merge } from 'rxjs';
import { ApiClient } from '../../core/net/api-client';
import { PagedList } from '../../core/net/paged-list';
import { RealtimeClient } from '../../core/net/realtime-client';
import { SnapshotLoader } from '../../core/net/snapshot-loader';
import { DateTimeFormats } from '../../core/text/date-time-formats';
import { I18n } from '../../core/text/i18n';
import { CallEntry } from '../../flows/call-entry';
import { CallSession } from '../../state/call/call-session';
import { Avatar } from '../../ui/display/avatar';
import { Icon } from '../../ui/display/icon';
import { EmptyState } from '../../ui/feedback/empty-state';
import { IconLabel, Tooltip } from '../../ui/feedback/tooltip';
import { Button } from '../../ui/forms/button';
import { LoadView } from '../../widgets/load-view';
import { ShowMore } from '../../widgets/show-more';
import { toPastCallLine } from './past-calls';

const CALLS_PAGE_SIZE = 30;
/** Several changes at once cause one request. */
const RELOAD_DEBOUNCE_MS = 400;

/** The page with the user's past calls, grouped by day. */
@Component({
  selector: 'wc-calls-page',
  imports: [Avatar, Button, EmptyState, Icon, IconLabel, LoadView, RouterLink, ShowMore, Tooltip],
  templateUrl: './calls-page.html',
  styleUrl: './calls-page.scss',
})
export class CallsPage {
  private readonly api = inject(ApiClient);
  private readonly call = inject(CallSession);
  protected readonly entry = inject(CallEntry);
  protected readonly formats = inject(DateTimeFormats);
  protected readonly t = inject(I18n).t;

  protected readonly pages = new PagedList<PastCallDto>(
    async (cursor) => {
      const { calls, next } = await this.api.sendRequest('GET /calls', { query: { cursor, limit: CALLS_PAGE_SIZE } });
      return { items: calls, next };
    },
    ({ callId }) => callId,
  );
  protected readonly loader = new SnapshotLoader(() => this.pages.reloadShownPages());
  protected readonly joining = computed(() => this.call.joining() !== null);
  /** Calls in list order, grouped by day. */
  protected readonly days = computed(() => {
    const days: { day: string; calls: ReturnType<typeof toPastCallLine>[] }[] = [];
    for (const call of this.pages.items() ?? []) {
      const day = this.formats.formatDayHeading(call.startedAt);
      if (days.at(-1)?.day !== day) days.push({ day, calls: [] });
      days.at(-1)?.calls.push(toPastCallLine(call, this.t(), (ms) => this.formats.formatDuration(ms)));
    }
    return days;
  });

  constructor() {
    const realtime = inject(RealtimeClient);
    const ended = realtime.observeEvents('call:changed').pipe(filter(({ change }) => change.type === 'ended'));
    const rung = realtime.observeEvents('ring:changed').pipe(filter(({ ring }) => ring.status !== 'ringing'));
    merge(ended, rung, realtime.reconnected)
      .pipe(debounceTime(RELOAD_DEBOUNCE_MS), takeUntilDestroyed())
      .subscribe(() => void this.loader.loadSnapshot());
    void this.loader.loadSnapshot();
  }
}
