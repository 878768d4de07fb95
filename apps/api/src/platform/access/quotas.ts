import { Inject, Injectable } from '@nestjs/common';
import type { QuotaName } from '@webcall/contracts';
import { APP_CONFIG, type AppConfig } from '../../config/app-config';
import { AppError } from '../http/app-error';

/** Enforces the quotas in the settings: how many of each thing may exist. */
@Injectable()
export class Quotas {
  constructor(@Inject(APP_CONFIG) private readonly config: AppConfig) {}

  /** @returns the limit, or undefined if there is none */
  quotaLimitOf(quota: QuotaName): number | undefined {
    return this.config.quotas[quota] || undefined;
  }

  /**
   * Refuses one more once the limit is reached.
   * @throws AppError quota_reached
   */
  requireQuotaLeft(quota: QuotaName, used: number): void {
    const limit = this.quotaLimitOf(quota);
    if (limit !== undefined && used >= limit) throw quotaReachedError(quota, limit);
  }

  /**
   * Refuses one more once the limit is reached. Counts only if there is a limit.
   * @param used counts under a lock that is held until the new one is stored, so that simultaneous requests see each
   * other's additions
   * @throws AppError quota_reached
   */
  async requireCountedQuota(quota: QuotaName, used: () => Promise<number>): Promise<void> {
    if (this.quotaLimitOf(quota) !== undefined) this.requireQuotaLeft(quota, await used());
  }
}

/** @returns the refusal, with the quota and its limit */
export function quotaReachedError(quota: QuotaName, limit: number): AppError {
  return new AppError('quota_reached', { quota, limit });
}
