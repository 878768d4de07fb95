import { HttpException } from '@nestjs/common';
import type { ErrorCode } from '@webcall/contracts';
import { QueryFailedError } from 'typeorm';
import { AppError } from './app-error';
import { isStoreOutage } from './outage';

const CODE_BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  400: 'invalid_input',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  413: 'payload_too_large',
  429: 'too_many_requests',
  503: 'unavailable',
};

/** PostgreSQL's codes for errors of the request that could not be detected earlier. */
const CODE_BY_DATABASE_CODE: Readonly<Record<string, ErrorCode>> = {
  // A reference to a row that was deleted meanwhile.
  '23503': 'not_found',
  // Text that cannot be stored: a NUL character, in plain text and in JSON.
  '22021': 'invalid_input',
  '22P05': 'invalid_input',
  // A deadlock, for which PostgreSQL cancelled this request.
  '40P01': 'unavailable',
};

/** @returns PostgreSQL's error code and the constraint's name, if the error came from the database. */
export function databaseErrorOf(error: unknown): { code?: string; constraint?: string } {
  return error instanceof QueryFailedError ? (error.driverError as { code?: string; constraint?: string }) : {};
}

/**
 * Translates any error for clients, over REST and over the socket.
 * @returns the refusal, or undefined for an unexpected error, which callers log and report as `internal_error`
 */
export function toAppError(error: unknown): AppError | undefined {
  if (error instanceof AppError) return error;
  const status = error instanceof HttpException ? error.getStatus() : parserStatusOf(error);
  const code =
    CODE_BY_DATABASE_CODE[databaseErrorOf(error).code ?? ''] ??
    CODE_BY_STATUS[status] ??
    (isStoreOutage(error) ? 'unavailable' : undefined) ??
    (status >= 400 && status < 500 ? 'invalid_input' : undefined);
  return code && new AppError(code, undefined, { cause: error });
}

/** Express's body parser throws plain errors with a status for mistakes of the client. */
function parserStatusOf(error: unknown): number {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return 500;
  return error.status;
}
