import type { CookieOptions, Request, Response } from 'express';
import { SESSION_LIFETIME } from './sessions';

/** Name of the cookie that carries the refresh token. */
export const REFRESH_COOKIE = 'webcall_refresh';

/** Only the requests that need it get it, and no script can read it. */
function options(request: Request): CookieOptions {
  return { httpOnly: true, sameSite: 'strict', path: '/api/v1/auth', secure: request.secure };
}

export function setRefreshCookie(request: Request, response: Response, token: string): void {
  response.cookie(REFRESH_COOKIE, token, { ...options(request), maxAge: SESSION_LIFETIME });
}

export function clearRefreshCookie(request: Request, response: Response): void {
  response.clearCookie(REFRESH_COOKIE, options(request));
}

export function refreshCookie(request: Request): string | undefined {
  const value: unknown = (request.cookies as Record<string, unknown> | undefined)?.[REFRESH_COOKIE];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
