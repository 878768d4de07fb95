import { type ExecutionContext, Injectable } from '@nestjs/common';
import { ThrottlerGuard, type ThrottlerLimitDetail, type ThrottlerRequest } from '@nestjs/throttler';
import type { LimitName } from './limits';
import type { NamedThrottler } from './throttler-options';
import { tooMany } from './too-many';

/** What the throttler is asked about a limit, whoever it is about. */
type Question = Omit<ThrottlerRequest, 'context'>;

/**
 * The throttler, asked only about the limits that hold for a handler. By itself it goes through all of them for each
 * request, and looks for six decorators of its own at each; here `@Limit()` alone says which hold.
 */
@Injectable()
export abstract class NamedLimitsGuard extends ThrottlerGuard {
  private readonly questions = new Map<string, Question>();

  override async onModuleInit(): Promise<void> {
    await super.onModuleInit();
    for (const throttler of this.throttlers as NamedThrottler[]) {
      const { name, limit, ttl, blockDuration } = throttler;
      this.questions.set(name, {
        throttler,
        limit,
        ttl,
        blockDuration,
        getTracker: (request, context) => this.keyOf(name, request, context),
        generateKey: (_context, key) => key,
      });
    }
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    for (const name of this.namesOf(context)) {
      const question = this.questions.get(name);
      if (!question) throw new Error(`there is no limit ${name}`);
      await this.handleRequest({ context, ...question });
    }
    return true;
  }

  /** @returns which limits hold */
  protected abstract namesOf(context: ExecutionContext): readonly LimitName[];

  /** @returns by whom it is counted */
  protected abstract keyOf(name: LimitName, request: object, context: ExecutionContext): string;

  protected override throwThrottlingException(_: ExecutionContext, detail: ThrottlerLimitDetail): Promise<void> {
    throw tooMany(detail.timeToBlockExpire * 1000);
  }
}
