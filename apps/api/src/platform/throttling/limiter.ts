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
  private readonly own = new MemoryCounters();
  private away = false;

  constructor(
    private readonly counters: Counters,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  /**
   * Counts one more use by `key`, or one that weighs as much as `amount`.
   * @throws AppError too_many_requests
   */
  async take(name: LimitName, key: string, amount = 1): Promise<void> {
    const full = `${name}:${key}`;
    this.requireNotRefused(full);
    const windowMs = LIMITS_BY_NAME[name].seconds * 1000;
    this.refuse(full, await this.ask(name, (counters) => counters.count(full, windowMs, this.allowed(name), amount)));
  }

  /**
   * Looks whether `key` has any use left, and counts none: for what is counted only once it has failed.
   * @throws AppError too_many_requests
   */
  async check(name: LimitName, key: string): Promise<void> {
    const full = `${name}:${key}`;
    this.requireNotRefused(full);
    this.refuse(full, await this.ask(name, (counters) => counters.spent(full, this.allowed(name))));
  }

  /** @returns whether `key` has used up a share of what it may use */
  async hasSpent(name: LimitName, key: string, share: number): Promise<boolean> {
    const part = Math.max(1, Math.round(this.allowed(name) * share));
    return (await this.ask(name, (counters) => counters.spent(`${name}:${key}`, part))) > 0;
  }

  /** Counts one more command of a user; each command is counted by itself. */
  takeCommand(command: string, userId: string): Promise<void> {
    return this.take(socketLimit(command), `${command}:${userId}`);
  }

  private allowed(name: LimitName): number {
    return Math.max(1, Math.round(LIMITS_BY_NAME[name].limit * this.config.throttleScale));
  }

  private requireNotRefused(full: string): void {
    const until = this.refused.get(full);
    if (until === undefined) return;
    const left = until - performance.now();
    if (left > 0) throw tooMany(left);
    this.refused.delete(full);
  }

  /** @param left 0, or the ms for which to refuse */
  private refuse(full: string, left: number): void {
    if (left <= 0) return;
    if (this.refused.size >= REMEMBERED) this.refused.clear();
    this.refused.set(full, performance.now() + left);
    throw tooMany(left);
  }

  /**
   * While the shared store is away each process counts for itself. Letting everything in would invite a flood just when
   * things are bad, and refusing everything would turn an outage of the store into one of all that needs no store.
   */
  private async ask(name: LimitName, question: (counters: Counters) => Promise<number>): Promise<number> {
    const { alone }: Limit = LIMITS_BY_NAME[name];
    if (alone) return question(this.own);
    try {
      const left = await question(this.counters);
      this.away = false;
      return left;
    } catch (error) {
      if (!this.away) this.logger.error({ err: error, msg: 'the limits are counted in this process alone' });
      this.away = true;
      return question(this.own);
    }
  }
}

/** @returns the refusal of what may be done again after so many ms */
export function tooMany(ms: number): AppError {
  return new AppError('too_many_requests', { retryAfterSeconds: Math.max(1, Math.ceil(ms / 1000)) });
}
