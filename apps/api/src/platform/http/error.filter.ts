import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { ErrorBody } from '@webcall/contracts';
import { AppError } from './app-error';
import { refusalOf } from './error-translation';

/** One shape for everything that goes wrong over REST. What is not a refusal is logged and told without its reason. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger(ErrorFilter.name);

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<Request & { id: string }>();
    const response = http.getResponse<Response>();
    const refusal = refusalOf(error);
    if (!refusal) this.logger.error({ err: error, msg: 'a request failed' });
    const { code, message, details } = refusal ?? new AppError('internal_error', undefined, { cause: error });
    // Too late to say anything: a file was on its way when it failed.
    if (response.headersSent) return void response.destroy();
    const wait = details?.['retryAfterSeconds'];
    if (typeof wait === 'number') response.setHeader('Retry-After', wait);
    const body: ErrorBody = { error: { code, message, requestId: request.id, ...(details && { details }) } };
    response.status((refusal ?? new AppError(code)).getStatus()).json(body);
  }
}
