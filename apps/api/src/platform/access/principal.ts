import { AppError } from '../http/app-error';

/**
 * Who asks: a user with the session of their device. A socket has it for as long as it is open, so there is no name in it:
 * what people are called may change, and is read with the access check.
 */
export interface Principal {
  readonly userId: string;
  readonly sessionId: string;
  readonly guest: boolean;
}

/**
 * Guests are bound to their one room.
 * @throws AppError forbidden
 */
export function requireAccount({ guest }: Principal): void {
  if (guest) throw new AppError('forbidden');
}
