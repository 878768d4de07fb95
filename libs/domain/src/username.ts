/**
 * Form of a username: 3–32 of ASCII letters, digits, dot, underscore and hyphen, with at least one letter.
 * Usernames are unique regardless of case, and by their look: see `toNameLook`.
 */
export const USERNAME_PATTERN = /^(?=.*[A-Za-z])[A-Za-z0-9_.-]{3,32}$/;

/**
 * Form of a guest's name: 1–32 characters of any script with at least one letter. Characters that are invisible or turn
 * the direction of the text are refused, except those that choose how an emoji looks.
 */
export const GUEST_NAME_PATTERN =
  /^(?=.*(?!\p{DI})\p{L})(?:[\uFE0E\uFE0F]|[^\p{Cc}\p{Cf}\p{DI}\p{Zl}\p{Zp}\u2800]){1,32}$/u;

/** Form of a room's name: as for guests, but with the joiners that some scripts and emoji need, and without a limit. */
export const ROOM_NAME_PATTERN =
  /^(?=.*(?![\p{DI}\u2800])[\p{L}\p{N}\p{P}\p{S}])(?:\u200C|\u200D|\uFE0E|\uFE0F|[^\p{Cc}\p{Cf}\p{DI}\p{Zl}\p{Zp}\u2800])+$/u;

/** @returns whether `text` is a valid username, without trimming it. */
export function isValidUsername(text: string): boolean {
  return USERNAME_PATTERN.test(text);
}

/** @returns the form of a username or e-mail address under which it is unique. */
export function toCanonicalName(text: string): string {
  return text.trim().toLowerCase();
}
