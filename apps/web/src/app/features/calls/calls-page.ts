import { Component, computed, inject, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { RouterLink } from '@angular/router';
import type { CallHistoryDto } from '@webcall/contracts';
import { debounceTime, filter, merge } from 'rxjs';
import { ApiClient } from '../../core/net/api-client';
import { RealtimeClient } from '../../core/net/realtime-client';
import { DateTimeFormats } from '../../core/text/date-time-formats';
import { ErrorTexts } from '../../core/text/error-texts';
import { I18n } from '../../core/text/i18n';
import { CallEntry } from '../../flows/call-entry';
import { CallSession } from '../../state/call/call-session';
import { Avatar } from '../../ui/display/avatar';
import { Icon } from '../../ui/display/icon';
import { EmptyState } from '../../ui/feedback/empty-state';
import { ErrorState } from '../../ui/feedback/error-state';
import { Skeleton } from '../../ui/feedback/skeleton';
import { Toasts } from '../../ui/feedback/toasts';
import { Tooltip } from '../../ui/feedback/tooltip';
import { Button } from '../../ui/forms/button';
import { mergeNewestCalls, toPastCallLine } from './past-calls';

const CALLS_PAGE_SIZE = 30;
/** Several changes at once cause one request. */
const RELOAD_DEBOUNCE_MS = 400;

/** The page with the user's past calls, grouped by day. */
@Component({
  selector: 'wc-calls-page',
  imports: [Avatar, Button, EmptyState, ErrorState, Icon, RouterLink, Skeleton, Tooltip],
  templateUrl: './calls-page.html',
  styleUrl: './calls-page.scss',
})
export class CallsPage {
  private readonly api = inject(ApiClient);
  private readonly call = inject(CallSession);
  private readonly toasts = inject(Toasts);
  protected readonly entry = inject(CallEntry);
  protected readonly errors = inject(ErrorTexts);
  protected readonly formats = inject(DateTimeFormats);
  protected readonly t = inject(I18n).t;

  private readonly shown = signal<CallHistoryDto | null>(null);
  private request = 0;
  protected readonly failure = signal<unknown>(null);
  protected readonly loading = signal(false);
  protected readonly hasMore = computed(() => this.shown()?.next != null);
  protected readonly joining = computed(() => this.call.joining() !== null);
  /** Calls in list order, grouped by day. */
  protected readonly days = computed(() => {
    const days: { day: string; calls: ReturnType<typeof toPastCallLine>[] }[] = [];
    for (const call of this.shown()?.calls ?? []) {
      const day = this.formats.formatDayHeading(call.startedAt);
      if (days.at(-1)?.day !== day) days.push({ day, calls: [] });
      days.at(-1)?.calls.push(toPastCallLine(call, this.t(), (ms) => this.formats.formatDuration(ms)));
    }
    return this.shown() && days;
  });

  constructor() {
    const realtime = inject(RealtimeClient);
    const ended = realtime.observeEvents('call:changed').pipe(filter(({ change }) => change.type === 'ended'));
    const rung = realtime.observeEvents('ring:changed').pipe(filter(({ ring }) => ring.status !== 'ringing'));
    merge(ended, rung, realtime.reconnected)
      .pipe(debounceTime(RELOAD_DEBOUNCE_MS), takeUntilDestroyed())
      .subscribe(() => void this.loadNewestCalls());
    void this.loadNewestCalls();
  }

  /** Loads the newest page. Only the answer to the newest request counts. */
  protected async loadNewestCalls(): Promise<void> {
    const request = ++this.request;
    try {
      const newest = await this.fetchCallsPage(null);
      if (request !== this.request) return;
      this.shown.update((shown) => mergeNewestCalls(shown, newest));
      this.failure.set(null);
    } catch (error) {
      if (request !== this.request) return;
      // The shown calls stay: the next event or reconnect loads again.
      if (this.shown()) console.warn('the newest calls could not be loaded', error);
      else this.failure.set(error);
    }
  }

  protected async loadOlderCalls(): Promise<void> {
    const cursor = this.shown()?.next;
    if (this.loading() || !cursor) return;
    this.loading.set(true);
    try {
      const { calls, next } = await this.fetchCallsPage(cursor);
      // The list may have been replaced meanwhile.
      this.shown.update((shown) => (shown?.next === cursor ? { calls: [...shown.calls, ...calls], next } : shown));
    } catch (error) {
      this.toasts.showToast(this.errors.translateError(error), 'bad');
    } finally {
      this.loading.set(false);
    }
  }

  private fetchCallsPage(cursor: string | null): Promise<CallHistoryDto> {
    return this.api.get<CallHistoryDto>('/calls', { cursor, limit: CALLS_PAGE_SIZE });
  }
}
