import { HttpException } from '@nestjs/common';
import { ERRORS, type ErrorCode } from '@webcall/contracts';

/** The one way to refuse something: a stable code, which brings status and sentence with it. */
export class AppError extends HttpException {
  constructor(
    readonly code: ErrorCode,
    readonly details?: Record<string, unknown>,
    options?: { cause?: unknown; message?: string },
  ) {
    super(options?.message ?? ERRORS[code].message, ERRORS[code].status, { cause: options?.cause });
  }
}
