import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { OpenAPIObject } from '@nestjs/swagger';
import { REST_BASE_PATH } from '@webcall/contracts';
import cookieParser from 'cookie-parser';
import type { NextFunction, Request, Response } from 'express';
import { PinoLogger } from 'nestjs-pino';
import { AppModule } from './app.module';
import type { AppConfig } from './config/app-config';
import { createOpenApiDocument, type DocsMetadata } from './platform/docs/openapi-document';
import { serveApiDocs } from './platform/docs/serve-api-docs';
import { AppError } from './platform/http/app-error';
import { compressAnswers } from './platform/http/compress-answers';
import { ErrorFilter } from './platform/http/error.filter';
import { normalizeForwardedFor } from './platform/http/forwarded-addresses';
import { InputPipe } from './platform/http/input.pipe';
import { readSmallBodies } from './platform/http/large-body';
import { observeRequests } from './platform/http/observe-requests';
import { createSecurityHeaders } from './platform/http/security-headers';
import { AppLogger } from './platform/logging/log-output';
import { HttpMetrics } from './platform/metrics/http-metrics';
import { RealtimeAdapter } from './platform/realtime/realtime-adapter';
import { serveWebClient } from './platform/web/serve-web-client';

/** Creates the whole server, ready to listen. */
export async function createApp(config: AppConfig, metadata?: DocsMetadata): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule.withConfig(config), {
    // Failures before the logger exists are reported by main.ts, in plain sentences.
    bufferLogs: true,
    autoFlushLogs: false,
    abortOnError: false,
    bodyParser: false,
  });
  app.useLogger(new AppLogger(await app.resolve(PinoLogger), {}));
  app.flushLogs();
  app.useWebSocketAdapter(new RealtimeAdapter(app));
  app.setGlobalPrefix(REST_BASE_PATH, { exclude: ['healthz', 'readyz', 'metrics'] });
  app.useGlobalPipes(new InputPipe());
  const errors = new ErrorFilter();
  app.useGlobalFilters(errors);

  app.disable('x-powered-by');
  app.set('trust proxy', [...config.trustedProxies]);
  const metrics = app.get(HttpMetrics);
  app.use(observeRequests((answered) => metrics.recordRequestDuration(answered)));
  app.use(...createSecurityHeaders(config.env === 'production'));
  if (config.corsOrigins.length) {
    app.enableCors({
      origin: [...config.corsOrigins],
      credentials: true,
      exposedHeaders: ['X-Request-ID', 'Retry-After'],
    });
  }
  const docs: { document?: OpenAPIObject } = {};
  if (config.apiDocs) app.use(serveApiDocs(() => docs.document, metadata?.socketApi));
  if (config.webRoot) app.use(serveWebClient(config.webRoot));
  app.use(REST_BASE_PATH, compressAnswers());
  app.use(cookieParser());
  app.use(readSmallBodies());

  await app.init();
  normalizeForwardedFor(app.getHttpServer());
  // The framework answers unknown paths below its prefix only; this answers all others.
  app.use((_request: Request, _response: Response, next: NextFunction) => next(new AppError('not_found')));
  app.use(errors.handleExpressError);
  if (config.apiDocs) docs.document = await createOpenApiDocument(app, metadata?.rest);
  return app;
}
