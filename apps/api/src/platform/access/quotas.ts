import { Inject, Injectable } from '@nestjs/common';
import type { QuotaName } from '@webcall/contracts';
import { APP_CONFIG, type AppConfig } from '../../config/app-config';
import { AppError } from '../http/app-error';

/** How much there may be of something, as the settings say. */
@Injectable()
export class Quotas {
  constructor(@Inject(APP_CONFIG) private readonly config: AppConfig) {}

  /** @returns how much there may be, or undefined when there is no limit */
  of(quota: QuotaName): number | undefined {
    return this.config.quotas[quota] || undefined;
  }

  /**
   * Refuses one more when there are as many as there may be.
   * @throws AppError quota_reached
   */
  require(quota: QuotaName, used: number): void {
    const limit = this.of(quota);
    if (limit !== undefined && used >= limit) throw quotaReached(quota, limit);
  }

  /**
   * Refuses one more when there are as many as there may be. Nothing is counted where there is no limit.
   * @param used counts under a lock that lasts until one more is stored: of requests that come at once, each has to see
   * what the one before it has made
   * @throws AppError quota_reached
   */
  async requireCounted(quota: QuotaName, used: () => Promise<number>): Promise<void> {
    if (this.of(quota) !== undefined) this.require(quota, await used());
  }
}

/** @returns the refusal, which names the quota */
export function quotaReached(quota: QuotaName, limit: number): AppError {
  return new AppError('quota_reached', { quota, limit });
}
