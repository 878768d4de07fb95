import { HttpException } from '@nestjs/common';
import { ERROR_CATALOG, type ErrorCode } from '@webcall/contracts';

/** The error of every refusal: a stable code, which determines the status and the default message. */
export class AppError extends HttpException {
  constructor(
    readonly code: ErrorCode,
    readonly details?: Record<string, unknown>,
    options?: { cause?: unknown; message?: string },
  ) {
    super(options?.message ?? ERROR_CATALOG[code].message, ERROR_CATALOG[code].status, { cause: options?.cause });
  }
}

/** @returns the refusal of an action that may be repeated after `ms` milliseconds */
export function tooManyRequestsError(ms: number): AppError {
  return new AppError('too_many_requests', { retryAfterSeconds: Math.max(1, Math.ceil(ms / 1000)) });
}
