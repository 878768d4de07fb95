import { isVisibleName } from './visible-text';

/**
 * Form of a username: 3–32 of ASCII letters, digits, dot, underscore and hyphen, with at least one letter.
 * Usernames are unique regardless of case, and by their look: see `toNameLook`.
 */
export const USERNAME_PATTERN = /^(?=.*[A-Za-z])[A-Za-z0-9_.-]{3,32}$/;

/** What a guest's name has at least. Letters in circles, in squares and of flags are neither: they could spell a name. */
const LETTER_OR_EMOJI = /(?![\p{DI}\u{1F100}-\u{1F1FF}])[\p{L}\p{Extended_Pictographic}]/u;

/** @returns whether `text` is a valid name of a guest, without trimming it: 1–32 characters of any script */
export function isValidGuestName(text: string): boolean {
  return LETTER_OR_EMOJI.test(text) && [...text].length <= 32 && isVisibleName(text);
}

/** @returns whether `text` is a valid username, without trimming it. */
export function isValidUsername(text: string): boolean {
  return USERNAME_PATTERN.test(text);
}
