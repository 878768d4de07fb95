import { setTimeout as after } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { isMigrated } from '../database/migrate';
import { AppError } from '../http/app-error';

/** Whoever asks has a time-out of their own, commonly a few seconds. */
const PATIENCE = 2000;

/** Whether the process can do its work. */
@Injectable()
export class Readiness {
  constructor(private readonly db: DataSource) {}

  /** @throws AppError unavailable, with the state of each part in `details` */
  async check(): Promise<{ status: string }> {
    const giveUp = new AbortController();
    const late = after(PATIENCE, 'unreachable', { signal: giveUp.signal, ref: false });
    const database = await Promise.race([this.database(), late]).finally(() => giveUp.abort());
    if (database !== 'ok') throw new AppError('unavailable', { database });
    return { status: 'ok' };
  }

  private async database(): Promise<string> {
    try {
      return (await isMigrated(this.db)) ? 'ok' : 'migrations are missing';
    } catch (error) {
      return error instanceof Error ? 'unreachable' : String(error);
    }
  }
}
