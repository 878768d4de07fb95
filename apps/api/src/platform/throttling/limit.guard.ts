import { type ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
import type { AuthenticatedRequest } from '../access/current-user';
import { addressKeyOf } from './address-key';
import { LIMITS_BY_NAME, type RequestLimitName } from './limits';
import { NamedLimitsGuard } from './named-limits.guard';

const LIMITS_METADATA = 'throttling:limits';

/** Sets the limits of a REST handler, possibly none; without this decorator the common limits apply. */
export const UseLimits = (...names: RequestLimitName[]): ReturnType<typeof SetMetadata> =>
  SetMetadata(LIMITS_METADATA, names);

/** Enforces the limits of every REST handler. It runs after the access guard, so that it knows the user. */
@Injectable()
export class LimitGuard extends NamedLimitsGuard {
  protected override limitNamesOf(context: ExecutionContext): readonly RequestLimitName[] {
    if (context.getType() !== 'http') return [];
    const limits = this.reflector.getAllAndOverride<RequestLimitName[] | undefined>(LIMITS_METADATA, [
      context.getHandler(),
      context.getClass(),
    ]);
    return limits ?? [context.switchToHttp().getRequest<AuthenticatedRequest>().principal ? 'rest' : 'public'];
  }

  protected override limitKeyOf(name: RequestLimitName, request: AuthenticatedRequest): string {
    const { principal } = request;
    return LIMITS_BY_NAME[name].by === 'user' && principal ? principal.userId : addressKeyOf(request.ip);
  }
}
