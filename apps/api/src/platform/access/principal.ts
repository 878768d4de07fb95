import { AppError } from '../http/app-error';

/** Who asks: a user with the session of their device, read fresh from the database. */
export interface Principal {
  readonly userId: string;
  readonly sessionId: string;
  /** Username, or the name a guest gave. */
  readonly name: string;
  readonly guest: boolean;
}

/**
 * Guests are bound to their one room.
 * @throws AppError forbidden
 */
export function requireAccount({ guest }: Principal): void {
  if (guest) throw new AppError('forbidden');
}
