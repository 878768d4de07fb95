import { Logger } from '@nestjs/common';
import { type LimitHits, type LimitRate, LimitStorage, type MaybePromise, toLimitHits } from './limit-storage';
import { currentWindowTime, LimitWindows } from './limit-windows';
import { MemoryLimitStorage } from './memory-limit-storage';

/** Wraps a shared storage that may be slow or unavailable, so that callers always get a result. */
export class FallbackLimitStorage extends LimitStorage {
  private readonly logger = new Logger(FallbackLimitStorage.name);
  /** Lower bounds of the uses of limits that are used up: a flood then costs no more than this look-up. */
  private readonly known = new LimitWindows<{ readonly uses: number; readonly endsAt: number }>();
  private readonly own = new MemoryLimitStorage();
  private away = false;

  /** @param alone names of the limits that each process counts for itself */
  constructor(
    private readonly shared: LimitStorage,
    private readonly alone: ReadonlySet<string>,
  ) {
    super();
  }

  countLimitUse(name: string, key: string, rate: LimitRate, amount = 1): MaybePromise<LimitHits> {
    const now = currentWindowTime();
    const known = this.known.findOpenWindow(name, key, now);
    if (known && known.uses >= rate.limit) return toLimitHits(known.uses, known.endsAt - now, true);
    const counted = this.askWithFallback(name, (storage) => storage.countLimitUse(name, key, rate, amount));
    if (counted instanceof Promise) return counted.then((hits) => this.rememberIfBlocked(name, key, hits));
    return this.rememberIfBlocked(name, key, counted);
  }

  remainingBlockMs(name: string, key: string, limit: number): MaybePromise<number> {
    const now = currentWindowTime();
    const known = this.known.findOpenWindow(name, key, now);
    if (known && known.uses >= limit) return known.endsAt - now;
    const remaining = this.askWithFallback(name, (storage) => storage.remainingBlockMs(name, key, limit));
    if (remaining instanceof Promise) return remaining.then((leftMs) => this.rememberUsedUp(name, key, limit, leftMs));
    return this.rememberUsedUp(name, key, limit, remaining);
  }

  private rememberIfBlocked(name: string, key: string, hits: LimitHits): LimitHits {
    if (hits.isBlocked) this.rememberUsedUp(name, key, hits.totalHits, hits.timeToBlockExpire * 1000);
    return hits;
  }

  private rememberUsedUp(name: string, key: string, uses: number, leftMs: number): number {
    const now = currentWindowTime();
    if (leftMs > 0) this.known.storeWindow(name, key, { uses, endsAt: now + leftMs }, now);
    return leftMs;
  }

  /**
   * While the shared storage is unavailable, each process counts for itself. Allowing everything would invite a flood
   * at a bad time, and refusing everything would extend the outage to features that need no storage.
   */
  private askWithFallback<T>(name: string, ask: (storage: LimitStorage) => MaybePromise<T>): MaybePromise<T> {
    if (this.alone.has(name)) return ask(this.own);
    const answer = ask(this.shared);
    if (!(answer instanceof Promise)) return answer;
    return answer.then(
      (value) => {
        this.away = false;
        return value;
      },
      (error: unknown) => {
        if (!this.away) this.logger.warn({ err: error, msg: 'the shared storage failed: each process counts limits' });
        this.away = true;
        return ask(this.own);
      },
    );
  }
}
