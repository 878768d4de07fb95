import type { ErrorCode, WireError } from '@webcall/contracts';

/** What only the client can notice: the server is out of reach, or does not answer in time. */
export type ClientErrorCode = 'offline' | 'timeout';

/** Whatever the server or the way to it refuses. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly code: ErrorCode | ClientErrorCode,
    message: string,
    /** HTTP status; 0 when there was no answer or it came over the socket. */
    readonly status = 0,
    readonly requestId?: string,
    readonly details?: Record<string, unknown>,
  ) {
    super(message);
  }

  static fromWire(error: WireError, status = 0): ApiError {
    return new ApiError(error.code, error.message, status, error.requestId, error.details);
  }
}

/** @returns whether `error` is an ApiError with one of these codes. */
export function isApiError(error: unknown, ...codes: ApiError['code'][]): error is ApiError {
  return error instanceof ApiError && (codes.length === 0 || codes.includes(error.code));
}

const PASSING: readonly ApiError['code'][] = [
  'offline',
  'timeout',
  'unavailable',
  'too_busy',
  'internal_error',
  'too_many_requests',
];

/** @returns whether the server may well take it the next time; anything else needs the person. */
export function isPassing(error: ApiError): boolean {
  return PASSING.includes(error.code);
}
