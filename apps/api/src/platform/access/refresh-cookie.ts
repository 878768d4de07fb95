import { REST_BASE_PATH } from '@webcall/contracts';
import type { CookieOptions, Request, Response } from 'express';
import { SESSION_LIFETIME_MS } from './sessions';

/** Name of the cookie that carries the refresh token. */
export const REFRESH_COOKIE = 'webcall_refresh';

/** The cookie is sent only with requests that need it, and scripts cannot read it. */
function refreshCookieOptions(request: Request): CookieOptions {
  return { httpOnly: true, sameSite: 'strict', path: `${REST_BASE_PATH}/auth`, secure: request.secure };
}

export function setRefreshCookie(request: Request, response: Response, token: string): void {
  response.cookie(REFRESH_COOKIE, token, { ...refreshCookieOptions(request), maxAge: SESSION_LIFETIME_MS });
}

export function clearRefreshCookie(request: Request, response: Response): void {
  response.clearCookie(REFRESH_COOKIE, refreshCookieOptions(request));
}

export function readRefreshCookie(request: Request): string | undefined {
  const value: unknown = (request.cookies as Record<string, unknown> | undefined)?.[REFRESH_COOKIE];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
