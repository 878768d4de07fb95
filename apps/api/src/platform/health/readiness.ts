import { setTimeout as after } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DatabaseWrites } from '../database/database-writes';
import { isMigrated } from '../database/migrated-data-source';
import { AppError } from '../http/app-error';

/** Whoever asks has a time-out of their own, commonly a few seconds. */
const PATIENCE = 2000;

/** One look serves everybody who asks while it lasts and so long after it, in ms. */
const FRESH_MS = 1000;

/** Whether the process can do its work. */
@Injectable()
export class Readiness {
  private looked: Promise<string> | undefined;

  constructor(
    private readonly db: DataSource,
    private readonly writes: DatabaseWrites,
  ) {}

  /** @throws AppError unavailable, with the state of each part in `details` */
  async check(): Promise<{ status: string }> {
    this.looked ??= this.look().finally(() => setTimeout(() => (this.looked = undefined), FRESH_MS).unref());
    const database = await this.looked;
    if (database !== 'ok') throw new AppError('unavailable', { database });
    return { status: 'ok' };
  }

  private async look(): Promise<string> {
    const giveUp = new AbortController();
    const late = after(PATIENCE, 'unreachable', { signal: giveUp.signal, ref: false });
    return Promise.race([this.database(), late]).finally(() => giveUp.abort());
  }

  private async database(): Promise<string> {
    try {
      if (!(await isMigrated(this.db))) return 'migrations are missing';
      return (await this.writes.succeed()) ? 'ok' : 'cannot write';
    } catch (error) {
      return error instanceof Error ? 'unreachable' : String(error);
    }
  }
}
