import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import type { ErrorBody } from '@webcall/contracts';
import { AppError } from './app-error';
import { refusalOf } from './error-translation';

/** One shape for everything that goes wrong over REST. What is not a refusal is logged and told without its reason. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger(ErrorFilter.name);

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(error, http.getRequest(), http.getResponse());
  }

  /** For what goes wrong outside the framework: before its routes, and where it has none. */
  readonly handler = (error: unknown, request: Request, response: Response, _next: NextFunction): void =>
    this.answer(error, request, response);

  private answer(error: unknown, request: Request, response: Response): void {
    const refusal = refusalOf(error);
    if (!refusal) this.logger.error({ err: error, msg: 'a request failed' });
    const told = refusal ?? new AppError('internal_error', undefined, { cause: error });
    // Too late to say anything: a file was on its way when it failed.
    if (response.headersSent) return void response.destroy();
    // Also where a file was to be sent, which may be kept.
    response.setHeader('Cache-Control', 'no-store');
    const { code, message, details } = told;
    const wait = details?.['retryAfterSeconds'];
    if (typeof wait === 'number') response.setHeader('Retry-After', wait);
    const body: ErrorBody = { error: { code, message, requestId: request.id as string, ...(details && { details }) } };
    response.status(told.getStatus()).json(body);
  }
}
