import { Logger } from '@nestjs/common';
import { type Hits, hits, LimitStorage, type Rate, type Soon } from './limit-storage';
import { MemoryStorage } from './memory-storage';
import { Windows } from './windows';

/** A shared storage that may be slow or away, for those who need an answer. */
export class SteadyStorage extends LimitStorage {
  private readonly logger = new Logger(SteadyStorage.name);
  /** How much at least is known to be used of what was used up: a flood must not cost more than this look. */
  private readonly known = new Windows<{ readonly uses: number; readonly endsAt: number }>();
  private readonly own = new MemoryStorage();
  private away = false;

  /** @param alone names of the limits that each process counts for itself */
  constructor(
    private readonly shared: LimitStorage,
    private readonly alone: ReadonlySet<string>,
  ) {
    super();
  }

  count(name: string, key: string, rate: Rate, amount = 1): Soon<Hits> {
    const now = performance.now();
    const known = this.known.find(name, key, now);
    if (known && known.uses >= rate.limit) return hits(known.uses, known.endsAt - now, true);
    const counted = this.ask(name, (storage) => storage.count(name, key, rate, amount));
    if (counted instanceof Promise) return counted.then((those) => this.learn(name, key, those));
    return this.learn(name, key, counted);
  }

  spent(name: string, key: string, limit: number): Soon<number> {
    const now = performance.now();
    const known = this.known.find(name, key, now);
    if (known && known.uses >= limit) return known.endsAt - now;
    const looked = this.ask(name, (storage) => storage.spent(name, key, limit));
    if (looked instanceof Promise) return looked.then((left) => this.learnSpent(name, key, limit, left));
    return this.learnSpent(name, key, limit, looked);
  }

  private learn(name: string, key: string, those: Hits): Hits {
    if (those.isBlocked) this.learnSpent(name, key, those.totalHits, those.timeToBlockExpire * 1000);
    return those;
  }

  private learnSpent(name: string, key: string, uses: number, left: number): number {
    const now = performance.now();
    if (left > 0) this.known.set(name, key, { uses, endsAt: now + left }, now);
    return left;
  }

  /**
   * While the shared storage is away each process counts for itself. Letting everything in would invite a flood just when
   * things are bad, and refusing everything would turn an outage of the storage into one of all that needs none.
   */
  private ask<T>(name: string, question: (storage: LimitStorage) => Soon<T>): Soon<T> {
    if (this.alone.has(name)) return question(this.own);
    const answer = question(this.shared);
    if (!(answer instanceof Promise)) return answer;
    return answer.then(
      (value) => {
        this.away = false;
        return value;
      },
      (error: unknown) => {
        if (!this.away) this.logger.error({ err: error, msg: 'the limits are counted in this process alone' });
        this.away = true;
        return question(this.own);
      },
    );
  }
}
