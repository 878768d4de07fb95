/** What a username may look like: 3–32 of ASCII letters, digits, dot, underscore and hyphen. Unique regardless of case. */
export const USERNAME_PATTERN = /^[A-Za-z0-9_.-]{3,32}$/;

/** What a guest may be called: 1–32 characters, any script, no control characters, not only spaces. */
export const GUEST_NAME_PATTERN = /^(?=.*\S)[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]{1,32}$/u;

/** @returns whether `text` is a valid username, without trimming it. */
export function isUsername(text: string): boolean {
  return USERNAME_PATTERN.test(text);
}

/** @returns the form of a username or e-mail address under which it is unique. */
export function canonical(text: string): string {
  return text.trim().toLowerCase();
}
