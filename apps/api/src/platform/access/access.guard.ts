import { type CanActivate, type ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AppError } from '../http/app-error';
import { AccessTokens } from './access-tokens';
import type { AuthenticatedRequest } from './current-user';

const PUBLIC = 'access:public';

/** Lets everybody in, signed in or not. */
export const Public = (): ReturnType<typeof SetMetadata> => SetMetadata(PUBLIC, true);

/** @returns whether a handler is `@Public()`. */
function isPublic(reflector: Reflector, context: ExecutionContext): boolean {
  return reflector.getAllAndOverride<boolean>(PUBLIC, [context.getHandler(), context.getClass()]) ?? false;
}

/** Requires an access token for everything over REST that is not `@Public()`. Gateways have a guard of their own. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly tokens: AccessTokens,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http' || isPublic(this.reflector, context)) return true;
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const token = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (!token) throw new AppError('unauthorized');
    request.principal = (await this.tokens.verify(token)).principal;
    return true;
  }
}
