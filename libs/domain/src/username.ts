/**
 * What a username may look like: 3–32 of ASCII letters, digits, dot, underscore and hyphen, and one letter at least.
 * Unique regardless of case, and by its look: see `lookOf`.
 */
export const USERNAME_PATTERN = /^(?=.*[A-Za-z])[A-Za-z0-9_.-]{3,32}$/;

/**
 * What a guest may be called: 1–32 characters of any script, at least one of which is a letter. None that is not seen or that
 * turns the direction of the text, but for those that choose how an emoji looks.
 */
export const GUEST_NAME_PATTERN =
  /^(?=.*(?!\p{DI})\p{L})(?:[\uFE0E\uFE0F]|[^\p{Cc}\p{Cf}\p{DI}\p{Zl}\p{Zp}\u2800]){1,32}$/u;

/** What a room may be called: as with guests, and with the joiners that some scripts and emoji need. */
export const ROOM_NAME_PATTERN =
  /^(?=.*(?![\p{DI}\u2800])[\p{L}\p{N}\p{P}\p{S}])(?:\u200C|\u200D|\uFE0E|\uFE0F|[^\p{Cc}\p{Cf}\p{DI}\p{Zl}\p{Zp}\u2800])+$/u;

/** @returns whether `text` is a valid username, without trimming it. */
export function isUsername(text: string): boolean {
  return USERNAME_PATTERN.test(text);
}

/** @returns the form of a username or e-mail address under which it is unique. */
export function canonical(text: string): string {
  return text.trim().toLowerCase();
}
