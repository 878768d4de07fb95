import { Inject, Injectable, Logger } from '@nestjs/common';
import { ThrottlerStorage } from '@nestjs/throttler';
import { APP_CONFIG, type AppConfig } from '../../config/app-config';
import { AppError } from '../http/app-error';
import { LIMITS_BY_NAME, socketLimit, type Limit, type LimitName } from './limits';

/** Counts what is done and refuses what is done too often. */
@Injectable()
export class Limiter {
  private readonly logger = new Logger(Limiter.name);

  constructor(
    @Inject(ThrottlerStorage) private readonly storage: ThrottlerStorage,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  /**
   * Counts one more use by `key`.
   * @throws AppError too_many_requests
   */
  async take(name: LimitName, key: string): Promise<void> {
    const limit: Limit = LIMITS_BY_NAME[name];
    const allowed = Math.max(1, Math.round(limit.limit * this.config.throttleScale));
    const window = limit.seconds * 1000;
    const record = await this.storage.increment(`throttle:${name}:${key}`, window, allowed, window, name).catch(
      // Without its store the limiter lets people in: a restart of Redis must not shut everybody out.
      (error: unknown) => this.logger.error({ err: error, msg: 'the limits cannot be counted' }),
    );
    if (record?.isBlocked) {
      throw new AppError('too_many_requests', { retryAfterSeconds: Math.max(1, record.timeToBlockExpire) });
    }
  }

  /** Counts one more command of a user; each command is counted by itself. */
  takeCommand(command: string, userId: string): Promise<void> {
    return this.take(socketLimit(command), `${command}:${userId}`);
  }
}
