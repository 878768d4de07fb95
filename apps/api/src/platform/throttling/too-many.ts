import { AppError } from '../http/app-error';

/** @returns the refusal of what may be done again after so many ms */
export function tooMany(ms: number): AppError {
  return new AppError('too_many_requests', { retryAfterSeconds: Math.max(1, Math.ceil(ms / 1000)) });
}
