import { type CanActivate, type ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { AuthenticatedRequest } from '../access/current-user';
import { addressKey } from './address-key';
import { Limiter } from './limiter';
import { LIMITS_BY_NAME, type RequestLimitName } from './limits';

const LIMITS = 'throttling:limits';

/** Names the limits of a REST handler, or none; without it the common ones hold. */
export const Limit = (...names: RequestLimitName[]): ReturnType<typeof SetMetadata> => SetMetadata(LIMITS, names);

/** Holds every REST handler to its limits. Comes after the access guard, so that it knows the user. */
@Injectable()
export class LimitGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly limiter: Limiter,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const named = this.reflector.getAllAndOverride<RequestLimitName[] | undefined>(LIMITS, [
      context.getHandler(),
      context.getClass(),
    ]);
    const names: readonly RequestLimitName[] = named ?? [request.principal ? 'rest' : 'public'];
    for (const name of names) await this.limiter.take(name, keyOf(name, request));
    return true;
  }
}

function keyOf(name: RequestLimitName, request: AuthenticatedRequest): string {
  const address = addressKey(request.ip);
  return LIMITS_BY_NAME[name].by === 'user' ? (request.principal?.userId ?? address) : address;
}
