import { LIMITS } from '@webcall/contracts';
import { isUsername, passwordWeakness } from '@webcall/domain';
import type { Texts } from '../../../i18n/en';

type Problem = ((texts: Texts) => string) | undefined;
type Check = (value: string) => Problem;

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** @returns what is wrong with a username; undefined when it is fine */
export const checkUsername: Check = (value) => {
  if (!value) return (t) => t.auth.usernameMissing;
  return isUsername(value) ? undefined : (t) => t.auth.usernameWrong;
};

/** @returns what is wrong with an e-mail address; undefined when it is fine */
export const checkEmail: Check = (value) => {
  if (!value.trim()) return (t) => t.auth.emailMissing;
  return EMAIL.test(value.trim()) ? undefined : (t) => t.auth.emailWrong;
};

/**
 * @param names the username and e-mail of whose password it is, as far as they are known
 * @returns what is wrong with a new password; undefined when it is fine
 */
export async function checkNewPassword(value: string, ...names: string[]): Promise<Problem> {
  if (!value) return (t) => t.auth.passwordMissing;
  if (value.length < LIMITS.password.min) return (t) => t.auth.passwordShort;
  const bytes = new TextEncoder().encode(value).length;
  if (bytes > LIMITS.password.maxBytes) return (t) => t.errors.password_too_long;
  try {
    const weakness = await passwordWeakness(value, names);
    return weakness && ((t) => t.errors[weakness]);
  } catch (error) {
    // The list did not come over the network. The server has it, too, and the last word.
    console.warn('The list of common passwords did not load', error);
    return undefined;
  }
}

/** The errors of the server that are about a new password, with the field that it is in: for `fieldOf` of a form. */
export function newPasswordErrors<F extends string>(field: F) {
  return { password_too_long: field, password_too_common: field, password_like_name: field };
}
