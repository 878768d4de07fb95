import { effect, signal, untracked } from '@angular/core';
import { isApiError, isTransientError } from './api-error';
import { RetryBackoff } from './retry-backoff';

/** People are still typing. */
const QUERY_DEBOUNCE_MS = 250;

/**
 * Loads what a query finds, anew whenever the query changes. The last result stays until the next one has arrived; only
 * the newest request counts, because answers may come in another order. A failure that may pass is repeated.
 */
export class QueryLoader<T> {
  private readonly phase = signal<'loading' | 'ready' | 'error'>('loading');
  private readonly failure = signal<unknown>(null);
  private readonly newest = signal<{ query: string; result: T } | null>(null);
  private readonly retry = new RetryBackoff(() => void this.runQuery());
  private request = 0;

  readonly state = this.phase.asReadonly();
  /** Why `state` is `error`. */
  readonly error = this.failure.asReadonly();
  /** The last result and its query; null before the first. */
  readonly found = this.newest.asReadonly();

  /** Needs an injection context. @param find asks the server */
  constructor(
    private readonly query: () => string,
    private readonly find: (query: string) => Promise<T>,
  ) {
    let delayMs = 0;
    effect((onCleanup) => {
      this.query();
      const timer = setTimeout(() => void this.loadAgain(), delayMs);
      onCleanup(() => clearTimeout(timer));
      delayMs = QUERY_DEBOUNCE_MS;
    });
  }

  /** Asks for the present query again. */
  loadAgain(): Promise<void> {
    this.retry.resetBackoff();
    if (this.phase() === 'error') this.phase.set('loading');
    return this.runQuery();
  }

  private async runQuery(): Promise<void> {
    const request = ++this.request;
    const query = untracked(this.query);
    try {
      const result = await this.find(query);
      if (request !== this.request) return;
      this.newest.set({ query, result });
      this.phase.set('ready');
    } catch (error) {
      if (!isApiError(error)) throw error;
      if (request !== this.request) return;
      this.failure.set(error);
      this.phase.set('error');
      if (isTransientError(error)) this.retry.scheduleRetry();
    }
  }
}
