import type { ErrorCode } from '@webcall/contracts';
import { findPasswordWeakness } from '@webcall/domain';
import { AppError } from '../platform/http/app-error';
import { isPasswordTooLong } from './password-hasher';

/** Errors of a password that is being set, for the API documentation. */
export const NEW_PASSWORD_REFUSALS = [
  'password_too_long',
  'password_too_common',
  'password_like_name',
] as const satisfies readonly ErrorCode[];

/**
 * Checks every password that is being set; existing weak passwords still sign in.
 * @throws AppError password_too_long | password_too_common | password_like_name
 */
export async function requireStrongPassword(
  password: string,
  { username, email }: { username: string; email: string | null },
): Promise<void> {
  if (isPasswordTooLong(password)) throw new AppError('password_too_long');
  const weakness = await findPasswordWeakness(password, email === null ? [username] : [username, email]);
  if (weakness) throw new AppError(weakness);
}
