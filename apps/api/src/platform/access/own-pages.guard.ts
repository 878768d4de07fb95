import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { APP_CONFIG, type AppConfig } from '../../config/app-config';
import { AppError } from '../http/app-error';

/**
 * For the handlers that live on the cookie: a browser may send it only from our own pages. The cookie is SameSite=Strict
 * already; this holds off other sites under the same domain as well. Programs that are no browser send no such headers.
 */
@Injectable()
export class OwnPagesGuard implements CanActivate {
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
