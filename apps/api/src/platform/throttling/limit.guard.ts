import { type ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
import type { AuthenticatedRequest } from '../access/current-user';
import { addressKey } from './address-key';
import { LIMITS_BY_NAME, type RequestLimitName } from './limits';
import { NamedLimitsGuard } from './named-limits.guard';

const LIMITS = 'throttling:limits';

/** Names the limits of a REST handler, or none; without it the common ones hold. */
export const Limit = (...names: RequestLimitName[]): ReturnType<typeof SetMetadata> => SetMetadata(LIMITS, names);

/** Holds every REST handler to its limits. Comes after the access guard, so that it knows the user. */
@Injectable()
export class LimitGuard extends NamedLimitsGuard {
  protected override namesOf(context: ExecutionContext): readonly RequestLimitName[] {
    if (context.getType() !== 'http') return [];
    const named = this.reflector.getAllAndOverride<RequestLimitName[] | undefined>(LIMITS, [
      context.getHandler(),
      context.getClass(),
    ]);
    return named ?? [context.switchToHttp().getRequest<AuthenticatedRequest>().principal ? 'rest' : 'public'];
  }

  protected override keyOf(name: RequestLimitName, request: AuthenticatedRequest): string {
    const { principal } = request;
    return LIMITS_BY_NAME[name].by === 'user' && principal ? principal.userId : addressKey(request.ip);
  }
}
