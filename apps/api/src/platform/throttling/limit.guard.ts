import { type ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
import { ThrottlerGuard, type ThrottlerLimitDetail, type ThrottlerRequest } from '@nestjs/throttler';
import type { AuthenticatedRequest } from '../access/current-user';
import { tooManyRequestsError } from '../http/app-error';
import { addressKeyOf } from './address-key';
import { LIMITS_BY_NAME, type RequestLimitName } from './limits';
import type { NamedThrottler } from './throttler-options';

const LIMITS_METADATA = 'throttling:limits';

/** The arguments for the throttler about one limit, without the request. */
type LimitQuestion = Omit<ThrottlerRequest, 'context'>;

/** Sets the limits of a REST handler, possibly none; without this decorator the common limits apply. */
export const UseLimits = (...names: RequestLimitName[]): ReturnType<typeof SetMetadata> =>
  SetMetadata(LIMITS_METADATA, names);

/**
 * Enforces the limits of every REST handler. It runs after the access guard, so that it knows the user. The original
 * guard goes through all limits for each request and looks up six decorators for each; this one asks only about those
 * of the handler.
 */
@Injectable()
export class LimitGuard extends ThrottlerGuard {
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
        getTracker: (request) => limitKeyOf(name as RequestLimitName, request as AuthenticatedRequest),
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

  protected override throwThrottlingException(_: ExecutionContext, detail: ThrottlerLimitDetail): Promise<void> {
    throw tooManyRequestsError(detail.timeToBlockExpire * 1000);
  }

  private limitNamesOf(context: ExecutionContext): readonly RequestLimitName[] {
    if (context.getType() !== 'http') return [];
    const limits = this.reflector.getAllAndOverride<RequestLimitName[] | undefined>(LIMITS_METADATA, [
      context.getHandler(),
      context.getClass(),
    ]);
    return limits ?? [context.switchToHttp().getRequest<AuthenticatedRequest>().principal ? 'rest' : 'public'];
  }
}

/** @returns the key under which the request is counted */
function limitKeyOf(name: RequestLimitName, { principal, ip }: AuthenticatedRequest): string {
  return LIMITS_BY_NAME[name].by === 'user' && principal ? principal.userId : addressKeyOf(ip);
}
