import { type ExecutionContext, Injectable } from '@nestjs/common';
import { ThrottlerGuard, type ThrottlerLimitDetail, type ThrottlerRequest } from '@nestjs/throttler';
import { tooManyRequestsError } from '../http/app-error';
import type { LimitName } from './limits';
import type { NamedThrottler } from './throttler-options';

/** The arguments for the throttler about one limit, without the request. */
type LimitQuestion = Omit<ThrottlerRequest, 'context'>;

/**
 * A throttler guard that checks only the limits of the handler. The original one goes through all limits for each
 * request and looks up six decorators for each; here `limitNamesOf` alone selects the limits.
 */
@Injectable()
export abstract class NamedLimitsGuard extends ThrottlerGuard {
  private readonly questions = new Map<string, LimitQuestion>();

  override async onModuleInit(): Promise<void> {
    await super.onModuleInit();
    for (const throttler of this.throttlers as NamedThrottler[]) {
      const { name, limit, ttl, blockDuration } = throttler;
      this.questions.set(name, {
        throttler,
        limit,
        ttl,
        blockDuration,
        getTracker: (request, context) => this.limitKeyOf(name, request, context),
        generateKey: (_context, key) => key,
      });
    }
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    for (const name of this.limitNamesOf(context)) {
      const question = this.questions.get(name);
      if (!question) throw new Error(`there is no limit ${name}`);
      await this.handleRequest({ context, ...question });
    }
    return true;
  }

  /** @returns the names of the limits that apply */
  protected abstract limitNamesOf(context: ExecutionContext): readonly LimitName[];

  /** @returns the key under which the request is counted */
  protected abstract limitKeyOf(name: LimitName, request: object, context: ExecutionContext): string;

  protected override throwThrottlingException(_: ExecutionContext, detail: ThrottlerLimitDetail): Promise<void> {
    throw tooManyRequestsError(detail.timeToBlockExpire * 1000);
  }
}
