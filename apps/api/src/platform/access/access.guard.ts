import { type CanActivate, type ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AppError } from '../http/app-error';
import { AccessTokens } from './access-tokens';
import type { AuthenticatedRequest } from './current-user';

const PUBLIC_METADATA = 'access:public';

/** Makes a handler accessible without an access token. */
export const Public = (): ReturnType<typeof SetMetadata> => SetMetadata(PUBLIC_METADATA, true);

/** @returns whether a handler is `@Public()`. */
function isPublicHandler(reflector: Reflector, context: ExecutionContext): boolean {
  return reflector.getAllAndOverride<boolean>(PUBLIC_METADATA, [context.getHandler(), context.getClass()]) ?? false;
}

/** Requires an access token for every REST handler that is not `@Public()`. Sockets are checked when they connect. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly tokens: AccessTokens,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http' || isPublicHandler(this.reflector, context)) return true;
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const token = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (!token) throw new AppError('unauthorized');
    request.principal = (await this.tokens.verifyAccessToken(token)).principal;
    return true;
  }
}
