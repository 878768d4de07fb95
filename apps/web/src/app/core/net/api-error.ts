import type { ErrorCode, WireError } from '@webcall/contracts';

/** Errors that only the client notices: the server cannot be reached, or does not answer in time. */
export type ClientErrorCode = 'offline' | 'timeout';

/** A request that the server refused, or that got no answer. */
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

  static fromWireError(error: WireError, status = 0): ApiError {
    return new ApiError(error.code, error.message, status, error.requestId, error.details);
  }
}

/** @returns whether `error` is an ApiError, with one of these codes if any are given */
export function isApiError(error: unknown, ...codes: ApiError['code'][]): error is ApiError {
  return error instanceof ApiError && (codes.length === 0 || codes.includes(error.code));
}

const TRANSIENT_CODES: readonly ApiError['code'][] = [
  'offline',
  'timeout',
  'unavailable',
  'too_busy',
  'internal_error',
  'too_many_requests',
];

/** @returns whether a repeat may succeed; any other error needs the person */
export function isTransientError(error: ApiError): boolean {
  return TRANSIENT_CODES.includes(error.code);
}
