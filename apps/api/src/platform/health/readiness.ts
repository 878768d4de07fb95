import { Injectable } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { DatabaseWriteProbe } from '../database/database-write-probe';
import { isSchemaMigrated } from '../database/migrated-data-source';
import { AppError } from '../http/app-error';

/** Shorter than the usual time-outs of callers, which are a few seconds. */
const READINESS_TIMEOUT_MS = 2000;

/** How long the result of a check is used again, in ms. Requests during a check share it. */
const READINESS_CACHE_MS = 1000;

/** Checks whether the process can do its work. */
@Injectable()
export class ReadinessCheck {
  private latestCheck: Promise<string> | undefined;

  constructor(
    private readonly db: DataSource,
    private readonly writes: DatabaseWriteProbe,
  ) {}

  /** @throws AppError unavailable, with the state of each part in `details` */
  async requireReadiness(): Promise<{ status: string }> {
    this.latestCheck ??= this.checkDatabaseInTime().finally(() =>
      setTimeout(() => (this.latestCheck = undefined), READINESS_CACHE_MS).unref(),
    );
    const database = await this.latestCheck;
    if (database !== 'ok') throw new AppError('unavailable', { database });
    return { status: 'ok' };
  }

  private async checkDatabaseInTime(): Promise<string> {
    const cancelTimeout = new AbortController();
    const timeout = delay(READINESS_TIMEOUT_MS, 'unreachable', { signal: cancelTimeout.signal, ref: false });
    return Promise.race([this.checkDatabaseState(), timeout]).finally(() => cancelTimeout.abort());
  }

  private async checkDatabaseState(): Promise<string> {
    try {
      if (!(await isSchemaMigrated(this.db))) return 'migrations are missing';
      return (await this.writes.canWriteToDatabase()) ? 'ok' : 'cannot write';
    } catch (error) {
      return error instanceof Error ? 'unreachable' : String(error);
    }
  }
}
