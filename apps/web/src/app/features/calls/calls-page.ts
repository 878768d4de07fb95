import { Component, computed, inject, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { RouterLink } from '@angular/router';
import type { CallHistoryDto } from '@webcall/contracts';
import { debounceTime, filter, merge } from 'rxjs';
import { ApiClient } from '../../core/net/api-client';
import { CallSession } from '../../state/call/call-session';
import { ErrorTexts } from '../../core/text/errors';
import { Formats } from '../../core/text/formats';
import { I18n } from '../../core/text/i18n';
import { RealtimeClient } from '../../core/net/realtime-client';
import { CallEntry } from '../../flows/call-entry';
import { Avatar } from '../../ui/display/avatar';
import { Button } from '../../ui/forms/button';
import { EmptyState } from '../../ui/feedback/empty-state';
import { ErrorState } from '../../ui/feedback/error-state';
import { Icon } from '../../ui/display/icon';
import { Skeleton } from '../../ui/feedback/skeleton';
import { Toasts } from '../../ui/feedback/toasts';
import { Tooltip } from '../../ui/feedback/tooltip';
import { withNewest } from './newest';
import { pastCallOf } from './past-call';

const PAGE = 30;
/** Several changes at once ask once. */
const GATHER = 400;

/** The calls that the user has had, by day. */
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
  protected readonly formats = inject(Formats);
  protected readonly t = inject(I18n).t;

  private readonly shown = signal<CallHistoryDto | null>(null);
  private request = 0;
  protected readonly failure = signal<unknown>(null);
  protected readonly loading = signal(false);
  protected readonly hasMore = computed(() => this.shown()?.next != null);
  protected readonly joining = computed(() => this.call.joining() !== null);
  /** In the order of the list, under a line for each day. */
  protected readonly days = computed(() => {
    const days: { day: string; calls: ReturnType<typeof pastCallOf>[] }[] = [];
    for (const call of this.shown()?.calls ?? []) {
      const day = this.formats.day(call.startedAt);
      if (days.at(-1)?.day !== day) days.push({ day, calls: [] });
      days.at(-1)?.calls.push(pastCallOf(call, this.t(), (ms) => this.formats.duration(ms)));
    }
    return this.shown() && days;
  });

  constructor() {
    const realtime = inject(RealtimeClient);
    const ended = realtime.on('call:changed').pipe(filter(({ change }) => change.type === 'ended'));
    const rung = realtime.on('ring:changed').pipe(filter(({ ring }) => ring.status !== 'ringing'));
    merge(ended, rung, realtime.reconnected)
      .pipe(debounceTime(GATHER), takeUntilDestroyed())
      .subscribe(() => void this.load());
    void this.load();
  }

  /** Asks for the newest page. Only the answer to the newest request counts. */
  protected async load(): Promise<void> {
    const request = ++this.request;
    try {
      const newest = await this.page(null);
      if (request !== this.request) return;
      this.shown.update((shown) => withNewest(shown, newest));
      this.failure.set(null);
    } catch (error) {
      if (request !== this.request) return;
      // What is on the page is better than nothing: the next event or connection asks again.
      if (this.shown()) console.warn('The newest calls are not known for now', error);
      else this.failure.set(error);
    }
  }

  protected async more(): Promise<void> {
    const cursor = this.shown()?.next;
    if (this.loading() || !cursor) return;
    this.loading.set(true);
    try {
      const { calls, next } = await this.page(cursor);
      // The list may have begun anew meanwhile.
      this.shown.update((shown) => (shown?.next === cursor ? { calls: [...shown.calls, ...calls], next } : shown));
    } catch (error) {
      this.toasts.show(this.errors.of(error), 'bad');
    } finally {
      this.loading.set(false);
    }
  }

  private page(cursor: string | null): Promise<CallHistoryDto> {
    return this.api.get<CallHistoryDto>('/calls', { cursor, limit: PAGE });
  }
}
