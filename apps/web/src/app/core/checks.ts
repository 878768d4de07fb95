import { LIMITS } from '@webcall/contracts';
import { isUsername } from '@webcall/domain';
import type { Texts } from '../../i18n/en';

type Check = (value: string) => ((texts: Texts) => string) | undefined;

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

/** @returns what is wrong with a new password; undefined when it is fine */
export const checkNewPassword: Check = (value) => {
  if (!value) return (t) => t.auth.passwordMissing;
  if (value.length < LIMITS.password.min) return (t) => t.auth.passwordShort;
  const bytes = new TextEncoder().encode(value).length;
  return bytes > LIMITS.password.maxBytes ? (t) => t.errors.password_too_long : undefined;
};
