import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import type { ErrorBody } from '@webcall/contracts';
import type { NextFunction, Request, Response } from 'express';
import { AppError } from './app-error';
import { toAppError } from './error-translation';

/** Answers every REST error in the same format. Unexpected errors are logged, and their cause is not sent. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger(ErrorFilter.name);

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.sendErrorResponse(error, http.getRequest(), http.getResponse());
  }

  /** Handles errors outside the framework: before its routes, and on paths without a route. */
  readonly handleExpressError = (error: unknown, request: Request, response: Response, _next: NextFunction): void =>
    this.sendErrorResponse(error, request, response);

  private sendErrorResponse(error: unknown, request: Request, response: Response): void {
    const refusal = toAppError(error);
    if (!refusal) this.logger.error({ err: error, msg: 'a request failed' });
    const appError = refusal ?? new AppError('internal_error', undefined, { cause: error });
    // Too late for an error response: sending a file failed half-way.
    if (response.headersSent) return void response.destroy();
    // Needed if this response was to be a cacheable file.
    response.setHeader('Cache-Control', 'no-store');
    const { code, message, details } = appError;
    const wait = details?.['retryAfterSeconds'];
    if (typeof wait === 'number') response.setHeader('Retry-After', wait);
    const body: ErrorBody = { error: { code, message, requestId: request.id as string, ...(details && { details }) } };
    response.status(appError.getStatus()).json(body);
  }
}
