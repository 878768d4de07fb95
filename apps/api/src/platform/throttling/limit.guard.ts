import { type CanActivate, type ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { canonical } from '@webcall/domain';
import type { AuthenticatedRequest } from '../access/current-user';
import { addressKey } from './address-key';
import { Limiter } from './limiter';
import { LIMITS_BY_NAME, type LimitBy, type LimitName } from './limits';

const LIMITS = 'throttling:limits';

/** Names the limits of a REST handler, or none; without it the common ones hold. */
export const Limit = (...names: LimitName[]): ReturnType<typeof SetMetadata> => SetMetadata(LIMITS, names);

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
    const named = this.reflector.getAllAndOverride<LimitName[] | undefined>(LIMITS, [
      context.getHandler(),
      context.getClass(),
    ]);
    const names = named ?? [request.principal ? 'rest' : 'public'];
    for (const name of names) await this.limiter.take(name, keyOf(LIMITS_BY_NAME[name].by, request));
    return true;
  }
}

function keyOf(by: LimitBy, request: AuthenticatedRequest): string {
  const address = addressKey(request.ip);
  if (by === 'user') return request.principal?.userId ?? address;
  return by === 'address' ? address : `${address} ${emailOf(request.body)}`;
}

/** The body has not been validated yet. */
function emailOf(body: unknown): string {
  const email = body && typeof body === 'object' && 'email' in body ? body.email : undefined;
  return typeof email === 'string' ? canonical(email.slice(0, 254)) : '';
}
