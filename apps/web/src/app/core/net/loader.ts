import { signal } from '@angular/core';
import { isApiError, isPassing } from './api-error';
import { Retry } from './retry';

/**
 * Something that is asked of the server as a whole, and kept up to date by events from then on. It is fetched once at a
 * time, and again by itself when that failed and may pass: an event that was missed meanwhile does not come again.
 */
export class Loader {
  private readonly phase = signal<'loading' | 'ready' | 'error'>('loading');
  private readonly failure = signal<unknown>(null);
  private readonly retry = new Retry(() => void this.renew());
  private running: Promise<void> | null = null;
  private doubtful = false;

  /** What is there stays there while it is fetched anew, also when that fails. */
  readonly state = this.phase.asReadonly();
  /** Why `state` is `error`. */
  readonly error = this.failure.asReadonly();

  /** To be made where Angular injects. @param fetch asks for it and puts it in its place */
  constructor(private readonly fetch: () => Promise<void>) {}

  /** Whether it is on its way. */
  get loading(): boolean {
    return this.running !== null;
  }

  /** Asks the server; when it is on its way already, once more after that. */
  load(): Promise<void> {
    if (this.phase() === 'error') this.phase.set('loading');
    return this.renew();
  }

  /** The first of it is in its place, and can be shown while the rest is on its way. */
  begun(): void {
    this.phase.set('ready');
  }

  /** What is on its way may be older than what has just been told: then it is asked for once more. */
  doubt(): void {
    this.doubtful ||= this.loading;
  }

  private renew(): Promise<void> {
    this.doubtful = this.loading;
    this.running ??= this.run().finally(() => {
      this.running = null;
      if (this.doubtful) void this.renew();
    });
    return this.running;
  }

  private async run(): Promise<void> {
    try {
      await this.fetch();
      this.phase.set('ready');
      this.retry.reset();
    } catch (error) {
      if (!isApiError(error)) throw error;
      this.failure.set(error);
      if (this.phase() === 'loading') this.phase.set('error');
      if (isPassing(error)) this.retry.later();
    }
  }
}
