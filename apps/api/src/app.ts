import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { OpenAPIObject } from '@nestjs/swagger';
import cookieParser from 'cookie-parser';
import type { NextFunction, Request, Response } from 'express';
import { PinoLogger } from 'nestjs-pino';
import { LIMITS } from '@webcall/contracts';
import { AppModule } from './app.module';
import type { AppConfig } from './config/app-config';
import { type DocsMetadata, openApi } from './platform/docs/openapi';
import { serveDocs } from './platform/docs/serve-docs';
import { AppError } from './platform/http/app-error';
import { ErrorFilter } from './platform/http/error.filter';
import { readPlainAddresses } from './platform/http/forwarded-addresses';
import { InputPipe } from './platform/http/input.pipe';
import { observeRequests } from './platform/http/observe-requests';
import { securityHeaders } from './platform/http/security-headers';
import { AppLogger } from './platform/logging/app-logger';
import { HttpMetrics } from './platform/metrics/http-metrics';
import { RealtimeAdapter } from './platform/realtime/realtime-adapter';
import { serveWeb } from './platform/web/serve-web';

/** The whole server, ready to listen. */
export async function createApp(config: AppConfig, metadata?: DocsMetadata): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule.of(config), {
    // What goes wrong until the logger is there is told by main.ts, in plain sentences.
    bufferLogs: true,
    autoFlushLogs: false,
    abortOnError: false,
    bodyParser: false,
  });
  app.useLogger(new AppLogger(await app.resolve(PinoLogger), {}));
  app.flushLogs();
  app.useWebSocketAdapter(new RealtimeAdapter(app));
  app.setGlobalPrefix('api/v1', { exclude: ['healthz', 'readyz', 'metrics'] });
  app.useGlobalPipes(new InputPipe());
  const errors = new ErrorFilter();
  app.useGlobalFilters(errors);

  app.disable('x-powered-by');
  app.set('trust proxy', [...config.trustedProxies]);
  const metrics = app.get(HttpMetrics);
  app.use(observeRequests((answered) => metrics.observe(answered)));
  app.use(...securityHeaders(config.env === 'production'));
  if (config.corsOrigins.length) {
    app.enableCors({
      origin: [...config.corsOrigins],
      credentials: true,
      exposedHeaders: ['X-Request-ID', 'Retry-After'],
    });
  }
  const docs: { document?: OpenAPIObject } = {};
  if (config.apiDocs) app.use(serveDocs(() => docs.document, metadata?.socketApi));
  if (config.webRoot) app.use(serveWeb(config.webRoot));
  app.use(cookieParser());
  app.useBodyParser('json', { limit: LIMITS.body.max });

  await app.init();
  readPlainAddresses(app.getHttpServer());
  // The framework answers for what is below its prefix; this is for everything else.
  app.use((_request: Request, _response: Response, next: NextFunction) => next(new AppError('not_found')));
  app.use(errors.handler);
  if (config.apiDocs) docs.document = await openApi(app, metadata?.rest);
  return app;
}
