import { type ErrorCode, LIMITS } from '@webcall/contracts';
import { passwordWeakness } from '@webcall/domain';
import { AppError } from '../platform/http/app-error';

/** What can be wrong with a password that is set, for the documentation. */
export const NEW_PASSWORD_REFUSALS = [
  'password_too_long',
  'password_too_common',
  'password_like_name',
] as const satisfies readonly ErrorCode[];

/**
 * To be asked for every password that is set; those that are there already still sign in.
 * @throws AppError password_too_long | password_too_common | password_like_name
 */
export async function requireGoodPassword(
  password: string,
  { username, email }: { username: string; email: string | null },
): Promise<void> {
  if (Buffer.byteLength(password) > LIMITS.password.maxBytes) throw new AppError('password_too_long');
  const weakness = await passwordWeakness(password, email === null ? [username] : [username, email]);
  if (weakness) throw new AppError(weakness);
}
