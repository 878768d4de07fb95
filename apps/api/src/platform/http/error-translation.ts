import { HttpException } from '@nestjs/common';
import { QueryFailedError } from 'typeorm';
import type { ErrorCode } from '@webcall/contracts';
import { AppError } from './app-error';
import { isOutage } from './outage';

const BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  400: 'invalid_input',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  413: 'payload_too_large',
  429: 'too_many_requests',
  503: 'unavailable',
};

/** PostgreSQL's codes for what a request is to blame for, when nothing before it could know. */
const BY_DATABASE_CODE: Readonly<Record<string, ErrorCode>> = {
  // A reference to something that has gone in the meantime.
  '23503': 'not_found',
  // Text that cannot be stored: a NUL character, in plain text and in JSON.
  '22021': 'invalid_input',
  '22P05': 'invalid_input',
  // Two requests waited for each other, and this one gave way.
  '40P01': 'unavailable',
};

/** @returns PostgreSQL's error code and the constraint's name, when it is the database that refused. */
export function databaseRefusal(error: unknown): { code?: string; constraint?: string } {
  return error instanceof QueryFailedError ? (error.driverError as { code?: string; constraint?: string }) : {};
}

/**
 * What is told of any error, over REST and over the socket.
 * @returns the refusal, or undefined for an error of ours: that one is logged and told as `internal_error`
 */
export function refusalOf(error: unknown): AppError | undefined {
  if (error instanceof AppError) return error;
  const status = error instanceof HttpException ? error.getStatus() : parserStatus(error);
  const code =
    BY_DATABASE_CODE[databaseRefusal(error).code ?? ''] ??
    BY_STATUS[status] ??
    (isOutage(error) ? 'unavailable' : undefined) ??
    (status >= 400 && status < 500 ? 'invalid_input' : undefined);
  return code && new AppError(code, undefined, { cause: error });
}

/** Express's body parser throws plain errors with a status that says that the client is to blame. */
function parserStatus(error: unknown): number {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return 500;
  return error.status;
}
