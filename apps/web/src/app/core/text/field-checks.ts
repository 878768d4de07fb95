import { PROTOCOL_LIMITS } from '@webcall/contracts';
import { findPasswordWeakness, isValidUsername, normalizePassword } from '@webcall/domain';
import type { Texts } from '../../../i18n/en';

type Problem = ((texts: Texts) => string) | undefined;
type FieldCheck = (value: string) => Problem;

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** @returns what is wrong with a username; undefined when it is fine */
export const checkUsername: FieldCheck = (value) => {
  if (!value) return (t) => t.auth.usernameMissing;
  return isValidUsername(value) ? undefined : (t) => t.auth.usernameWrong;
};

/** @returns what is wrong with an e-mail address; undefined when it is fine */
export const checkEmailAddress: FieldCheck = (value) => {
  if (!value.trim()) return (t) => t.auth.emailMissing;
  return EMAIL.test(value.trim()) ? undefined : (t) => t.auth.emailWrong;
};

/**
 * @param names username and e-mail address of the password's owner, as far as they are known
 * @returns what is wrong with a new password; undefined when it is fine
 */
export async function checkNewPassword(typed: string, ...names: string[]): Promise<Problem> {
  const value = normalizePassword(typed);
  if (!value) return (t) => t.auth.passwordMissing;
  if (value.length < PROTOCOL_LIMITS.password.min) return (t) => t.auth.passwordShort;
  const bytes = new TextEncoder().encode(value).length;
  if (bytes > PROTOCOL_LIMITS.password.maxBytes) return (t) => t.errors.password_too_long;
  try {
    const weakness = await findPasswordWeakness(value, names);
    return weakness && ((t) => t.errors[weakness]);
  } catch (error) {
    // Without the list the password passes here: the server has the list too and decides.
    console.warn('the list of common passwords could not be loaded', error);
    return undefined;
  }
}

/** Maps the server errors about a new password to the field that it is in, for `fieldOf` of a form. */
export function newPasswordErrorFields<F extends string>(field: F) {
  return { password_too_long: field, password_too_common: field, password_like_name: field };
}
