import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import type { Principal } from './principal';

/** A request whose access token has been checked. */
export interface AuthenticatedRequest extends Request {
  principal?: Principal;
}

/** Parameter decorator: the user who sent the request, for handlers that are not `@Public()`. */
export const CurrentUser = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  const { principal } = context.switchToHttp().getRequest<AuthenticatedRequest>();
  if (!principal) throw new Error('@CurrentUser() in a handler that is @Public()');
  return principal;
});
