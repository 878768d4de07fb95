import { AppError } from '../http/app-error';

/**
 * The authenticated user of a request or socket, with the session of their device. A socket keeps it while it is open,
 * so it has no name: names may change, and are loaded with the access check.
 */
export interface Principal {
  readonly userId: string;
  readonly sessionId: string;
  readonly guest: boolean;
}

/**
 * Refuses guests, who have access to their one room only.
 * @throws AppError forbidden
 */
export function requireAccount({ guest }: Principal): void {
  if (guest) throw new AppError('forbidden');
}
