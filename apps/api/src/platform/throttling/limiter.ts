import { Inject, Injectable, Logger } from '@nestjs/common';
import { APP_CONFIG, type AppConfig } from '../../config/app-config';
import { AppError } from '../http/app-error';
import { Counters } from './counters';
import { LIMITS_BY_NAME, socketLimit, type Limit, type LimitName } from './limits';
import { MemoryCounters } from './memory-counters';

/** How many refused keys are remembered at most. */
const REMEMBERED = 10_000;

/** Counts what is done and refuses what is done too often. */
@Injectable()
export class Limiter {
  private readonly logger = new Logger(Limiter.name);
  /** Until when keys are refused without counting: a flood must not cost more than this look. */
  private readonly refused = new Map<string, number>();
  private readonly standIn = new MemoryCounters();
  private away = false;

  constructor(
    private readonly counters: Counters,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  /**
   * Counts one more use by `key`.
   * @throws AppError too_many_requests
   */
  async take(name: LimitName, key: string): Promise<void> {
    const full = `${name}:${key}`;
    const until = this.refused.get(full);
    if (until !== undefined) {
      const left = until - performance.now();
      if (left > 0) throw tooMany(left);
      this.refused.delete(full);
    }
    const { limit, seconds }: Limit = LIMITS_BY_NAME[name];
    const allowed = Math.max(1, Math.round(limit * this.config.throttleScale));
    const left = await this.count(full, seconds * 1000, allowed);
    if (left <= 0) return;
    if (this.refused.size >= REMEMBERED) this.refused.clear();
    this.refused.set(full, performance.now() + left);
    throw tooMany(left);
  }

  /** Counts one more command of a user; each command is counted by itself. */
  takeCommand(command: string, userId: string): Promise<void> {
    return this.take(socketLimit(command), `${command}:${userId}`);
  }

  /**
   * While the shared store is away each process counts for itself. Letting everything in would invite a flood just when
   * things are bad, and refusing everything would turn an outage of the store into one of all that needs no store.
   */
  private async count(key: string, windowMs: number, limit: number): Promise<number> {
    try {
      const left = await this.counters.count(key, windowMs, limit);
      this.away = false;
      return left;
    } catch (error) {
      if (!this.away) this.logger.error({ err: error, msg: 'the limits are counted in this process alone' });
      this.away = true;
      return this.standIn.count(key, windowMs, limit);
    }
  }
}

function tooMany(ms: number): AppError {
  return new AppError('too_many_requests', { retryAfterSeconds: Math.max(1, Math.ceil(ms / 1000)) });
}
