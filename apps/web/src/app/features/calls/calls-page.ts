import { Component, computed, inject, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { RouterLink } from '@angular/router';
import type { CallHistoryDto, PastCallDto } from '@webcall/contracts';
import { debounceTime, filter, merge } from 'rxjs';
import { ApiClient } from '../../core/api-client';
import { CallSession } from '../../core/call-session';
import { ErrorTexts } from '../../core/errors';
import { Formats } from '../../core/formats';
import { I18n } from '../../core/i18n';
import { RealtimeClient } from '../../core/realtime-client';
import { CallEntry } from '../../parts/call-entry';
import { Avatar } from '../../ui/avatar';
import { Button } from '../../ui/button';
import { EmptyState } from '../../ui/empty-state';
import { ErrorState } from '../../ui/error-state';
import { Icon } from '../../ui/icon';
import { Skeleton } from '../../ui/skeleton';
import { Tooltip } from '../../ui/tooltip';
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
  protected readonly entry = inject(CallEntry);
  protected readonly errors = inject(ErrorTexts);
  protected readonly formats = inject(Formats);
  protected readonly t = inject(I18n).t;

  private readonly calls = signal<readonly PastCallDto[] | null>(null);
  private readonly next = signal<string | null>(null);
  private request = 0;
  protected readonly failure = signal<unknown>(null);
  protected readonly loading = signal(false);
  protected readonly hasMore = computed(() => this.next() !== null);
  protected readonly joining = computed(() => this.call.joining() !== null);
  /** In the order of the list, under a line for each day. */
  protected readonly days = computed(() => {
    const days: { day: string; calls: ReturnType<typeof pastCallOf>[] }[] = [];
    for (const call of this.calls() ?? []) {
      const day = this.formats.day(call.startedAt);
      if (days.at(-1)?.day !== day) days.push({ day, calls: [] });
      days.at(-1)?.calls.push(pastCallOf(call, this.t(), (ms) => this.formats.duration(ms)));
    }
    return this.calls() && days;
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

  protected load(): Promise<void> {
    return this.fetch(null);
  }

  protected async more(): Promise<void> {
    if (!this.loading()) await this.fetch(this.next());
  }

  /** Only the answer to the newest request counts. */
  private async fetch(cursor: string | null): Promise<void> {
    const request = ++this.request;
    this.loading.set(true);
    try {
      const page = await this.api.get<CallHistoryDto>('/calls', { cursor, limit: PAGE });
      if (request !== this.request) return;
      this.calls.update((shown) => (cursor && shown ? [...shown, ...page.calls] : page.calls));
      this.next.set(page.next);
      this.failure.set(null);
    } catch (error) {
      if (request === this.request) this.failure.set(error);
    } finally {
      if (request === this.request) this.loading.set(false);
    }
  }
}
