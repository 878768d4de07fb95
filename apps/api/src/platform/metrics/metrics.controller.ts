import { Controller, Get, Headers, Inject, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { PrometheusController } from '@willsoto/nestjs-prometheus';
import type { Response } from 'express';
import { APP_CONFIG, type AppConfig } from '../../config/app-config';
import { Public } from '../access/access.guard';
import { isSameSecret } from '../access/secrets';
import { AppError } from '../http/app-error';
import { UseLimits } from '../throttling/limit.guard';

/** Serves the metrics to clients that know `METRICS_TOKEN`. Without that setting it answers `not_found`. */
@ApiExcludeController()
@Public()
@UseLimits('probe')
@Controller()
export class MetricsController extends PrometheusController {
  constructor(@Inject(APP_CONFIG) private readonly config: AppConfig) {
    super();
  }

  @Get('metrics')
  override index(@Res({ passthrough: true }) response: Response, @Headers('authorization') authorization?: string) {
    const { metricsToken } = this.config;
    if (!metricsToken) throw new AppError('not_found');
    if (!isSameSecret(authorization ?? '', `Bearer ${metricsToken}`)) throw new AppError('unauthorized');
    return super.index(response);
  }
}
