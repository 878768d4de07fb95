import { signal } from '@angular/core';
import { isApiError, isTransientError } from './api-error';
import { RetryBackoff } from './retry-backoff';

/**
 * Fetches a snapshot from the server that events keep up to date from then on. Only one fetch runs at a time; a failed
 * fetch that may work later is repeated, because an event that was missed meanwhile does not come again.
 */
export class SnapshotLoader {
  private readonly phase = signal<'loading' | 'ready' | 'error'>('loading');
  private readonly failure = signal<unknown>(null);
  private readonly retry = new RetryBackoff(() => void this.fetchSnapshot());
  private running: Promise<void> | null = null;
  private staleWhileLoading = false;

  /** Stays `ready` while the snapshot is fetched anew, also when that fails. */
  readonly state = this.phase.asReadonly();
  /** Why `state` is `error`. */
  readonly error = this.failure.asReadonly();

  /** Needs an injection context. @param fetch requests the snapshot and stores it */
  constructor(private readonly fetch: () => Promise<void>) {}

  /** Whether a fetch is running. */
  get isLoading(): boolean {
    return this.running !== null;
  }

  /** Fetches the snapshot; if a fetch is running, once more after it. */
  loadSnapshot(): Promise<void> {
    if (this.phase() === 'error') this.phase.set('loading');
    return this.fetchSnapshot();
  }

  /** The first part is stored and can be shown while the rest is loading. */
  markPartlyLoaded(): void {
    this.phase.set('ready');
  }

  /** A running fetch may be older than the event that has just come: then one more follows. */
  markStale(): void {
    this.staleWhileLoading ||= this.isLoading;
  }

  private fetchSnapshot(): Promise<void> {
    this.staleWhileLoading = this.isLoading;
    this.running ??= this.runSnapshotFetch().finally(() => {
      this.running = null;
      if (this.staleWhileLoading) void this.fetchSnapshot();
    });
    return this.running;
  }

  private async runSnapshotFetch(): Promise<void> {
    try {
      await this.fetch();
      this.phase.set('ready');
      this.retry.resetBackoff();
    } catch (error) {
      if (!isApiError(error)) throw error;
      this.failure.set(error);
      if (this.phase() === 'loading') this.phase.set('error');
      if (isTransientError(error)) this.retry.scheduleRetry();
    }
  }
}
