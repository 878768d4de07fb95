import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { APP_CONFIG, type AppConfig } from '../../config/app-config';
import { AppError } from '../http/app-error';

/**
 * Allows browsers to call handlers that use the refresh cookie from our own pages only. The cookie is SameSite=Strict
 * already; this also blocks other sites under the same domain. Programs other than browsers do not send these headers.
 */
@Injectable()
export class TrustedOriginGuard implements CanActivate {
  constructor(@Inject(APP_CONFIG) private readonly config: AppConfig) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    const origin = request.get('origin');
    if (origin && this.config.corsOrigins.includes(origin)) return true;
    const site = request.get('sec-fetch-site');
    const foreign = site
      ? site !== 'same-origin' && site !== 'none'
      : origin !== undefined && origin !== `${request.protocol}://${request.get('host') ?? ''}`;
    if (foreign) throw new AppError('forbidden');
    return true;
  }
}
