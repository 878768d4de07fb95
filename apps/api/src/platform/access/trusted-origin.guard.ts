import { type CanActivate, type ExecutionContext, Inject, Injectable, Logger } from '@nestjs/common';
import type { Request } from 'express';
import { APP_CONFIG, type AppConfig } from '../../config/app-config';
import { AppError } from '../http/app-error';

/** How many refused origins are logged: enough for a proxy that is set up wrong, and too few to fill the log. */
const MAX_LOGGED_ORIGINS = 10;

/** After how long they are forgotten, in ms: otherwise strangers could silence the log for good. */
export const LOGGED_ORIGINS_KEPT_MS = 60 * 60 * 1000;

/**
 * Allows browsers to call handlers that use the refresh cookie from our own pages only. The cookie is SameSite=Strict
 * already; this also blocks other sites under the same domain. Programs other than browsers do not send these headers.
 * Sockets need no such check: they have no cookie, and a handshake is nothing without its access token.
 */
@Injectable()
export class TrustedOriginGuard implements CanActivate {
  private readonly logger = new Logger(TrustedOriginGuard.name);
  private readonly loggedOrigins = new Set<string>();
  private forgetsAt = 0;

  constructor(@Inject(APP_CONFIG) private readonly config: AppConfig) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    const origin = request.get('origin');
    if (origin && this.config.corsOrigins.includes(origin)) return true;
    const site = request.get('sec-fetch-site');
    // Without https browsers do not send `sec-fetch-site`. A trusted proxy may name the host that the page has.
    const ownOrigin = `${request.protocol}://${request.host ?? ''}`;
    const foreign = site ? site !== 'same-origin' && site !== 'none' : origin !== undefined && origin !== ownOrigin;
    if (!foreign) return true;
    this.logRefusedOriginOnce(origin ?? 'unknown', ownOrigin);
    throw new AppError('origin_refused');
  }

  /** A proxy that hides the address of the page makes every page a foreign one, so that nobody can sign in. */
  private logRefusedOriginOnce(origin: string, ownOrigin: string): void {
    if (Date.now() >= this.forgetsAt) {
      this.loggedOrigins.clear();
      this.forgetsAt = Date.now() + LOGGED_ORIGINS_KEPT_MS;
    }
    if (this.loggedOrigins.has(origin) || this.loggedOrigins.size >= MAX_LOGGED_ORIGINS) return;
    this.loggedOrigins.add(origin);
    this.logger.warn({
      origin,
      ownOrigin,
      msg:
        'refused a page of another origin; if it is your own, let the proxy pass Host and X-Forwarded-Proto and name ' +
        'the proxy in TRUSTED_PROXIES, or add the origin to CORS_ORIGINS',
    });
  }
}
