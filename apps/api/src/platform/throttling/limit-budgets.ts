import { Inject, Injectable } from '@nestjs/common';
import { InjectThrottlerStorage } from '@nestjs/throttler';
import { APP_CONFIG, type AppConfig } from '../../config/app-config';
import { tooManyRequestsError } from '../http/app-error';
import { type LimitRates, scaleLimitRates } from './limit-rates';
import { type LimitHits, LimitStorage } from './limit-storage';
import type { LimitName } from './limits';

/** A use of a limit by a key, such as a user id. */
type LimitUse = readonly [name: LimitName, key: string];

/** Counts limits that services enforce, because only they know the size of an action or whether it failed. */
@Injectable()
export class LimitBudgets {
  private readonly rates: LimitRates;

  constructor(
    @InjectThrottlerStorage() private readonly storage: LimitStorage,
    @Inject(APP_CONFIG) config: AppConfig,
  ) {
    this.rates = scaleLimitRates(config.throttleScale);
  }

  /**
   * Counts `amount` uses of all these limits.
   * @returns nothing if they were counted at once, which saves turns of the event loop where thousands are
   * @throws AppError too_many_requests
   */
  spendBudget(amount: number, ...uses: readonly LimitUse[]): Promise<void> | undefined {
    const pending: Promise<LimitHits>[] = [];
    for (const [name, key] of uses) {
      const counted = this.storage.countLimitUse(name, key, this.rates[name], amount);
      if (counted instanceof Promise) pending.push(counted);
      else requireNotBlocked(counted);
    }
    if (pending.length === 0) return undefined;
    return Promise.all(pending).then((all) => all.forEach(requireNotBlocked));
  }

  /**
   * Checks without counting whether `key` has any use left: for actions that are counted only when they fail.
   * @throws AppError too_many_requests
   */
  async requireBudgetLeft(name: LimitName, key: string): Promise<void> {
    const blockedMs = await this.storage.remainingBlockMs(name, key, this.rates[name].limit);
    if (blockedMs > 0) throw tooManyRequestsError(blockedMs);
  }

  /** @returns whether `key` has used up a share of its limit */
  async hasSpentShare(name: LimitName, key: string, share: number): Promise<boolean> {
    const shareLimit = Math.max(1, Math.round(this.rates[name].limit * share));
    return (await this.storage.remainingBlockMs(name, key, shareLimit)) > 0;
  }
}

function requireNotBlocked({ isBlocked, timeToBlockExpire }: LimitHits): void {
  if (isBlocked) throw tooManyRequestsError(timeToBlockExpire * 1000);
}
