import { Inject, Injectable } from '@nestjs/common';
import { InjectThrottlerStorage } from '@nestjs/throttler';
import { APP_CONFIG, type AppConfig } from '../../config/app-config';
import { type Hits, LimitStorage } from './limit-storage';
import type { LimitName } from './limits';
import { type Rates, ratesAt } from './rates';
import { tooMany } from './too-many';

/** Of which limit, and by whom. */
type Use = readonly [name: LimitName, key: string];

/** The limits that only a service can count, for it has to read first what is done: what it weighs, or whether it failed. */
@Injectable()
export class Budgets {
  private readonly rates: Rates;

  constructor(
    @InjectThrottlerStorage() private readonly storage: LimitStorage,
    @Inject(APP_CONFIG) config: AppConfig,
  ) {
    this.rates = ratesAt(config.throttleScale);
  }

  /**
   * Counts one more use of all of these limits, or one that weighs as much as `amount`.
   * @throws AppError too_many_requests
   */
  async spend(amount: number, ...uses: readonly Use[]): Promise<void> {
    const asked: Promise<Hits>[] = [];
    for (const [name, key] of uses) {
      const counted = this.storage.count(name, key, this.rates[name], amount);
      if (counted instanceof Promise) asked.push(counted);
      else requireRoom(counted);
    }
    if (asked.length > 0) (await Promise.all(asked)).forEach(requireRoom);
  }

  /**
   * Looks whether `key` has any use left, and counts none: for what is counted only once it has failed.
   * @throws AppError too_many_requests
   */
  async check(name: LimitName, key: string): Promise<void> {
    const left = await this.storage.spent(name, key, this.rates[name].limit);
    if (left > 0) throw tooMany(left);
  }

  /** @returns whether `key` has used up a share of what it may use */
  async hasSpent(name: LimitName, key: string, share: number): Promise<boolean> {
    const part = Math.max(1, Math.round(this.rates[name].limit * share));
    return (await this.storage.spent(name, key, part)) > 0;
  }
}

function requireRoom({ isBlocked, timeToBlockExpire }: Hits): void {
  if (isBlocked) throw tooMany(timeToBlockExpire * 1000);
}
