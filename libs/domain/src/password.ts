/** Why a new password is refused although it is long enough; the names are the error codes of the contracts. */
export type PasswordWeakness = 'password_too_common' | 'password_like_name';

/** How many letters and digits must be left without the names: as many as a whole password needs. */
const MIN_CHARACTERS_LEFT = 8;

/** Shorter words occur in too many others by chance. */
const MIN_WORD_LENGTH = 3;

/** Words that attackers try on every server of this kind. */
const SERVER_WORDS = ['webcall'];

/** Passwords of fewer different characters are runs like `aaaaaaaa` and `12121212`. */
const MIN_DISTINCT_CHARACTERS = 4;

let commonPasswords: Promise<ReadonlySet<string>> | undefined;

/**
 * @returns the form of a password that is hashed: keyboards and systems write the same letters differently, such as `é`
 * as one character or as two. By the profile OpaqueString of RFC 8265: composed, with plain spaces, and nothing else, so
 * that no two passwords become one that people would take for different ones.
 */
export function normalizePassword(password: string): string {
  return password.replace(/\p{Zs}/gu, ' ').normalize('NFC');
}

/**
 * @returns the forms of a password as typed that a hash may have been made of, in the order in which they are compared:
 * the normal form, then what was typed, if it differs, since hashes of earlier releases were made of that, and the normal
 * form again, since another sign-in may have replaced such a hash in between
 */
export function hashedFormsOf(typedPassword: string): readonly [normalForm: string, ...others: string[]] {
  const normalForm = normalizePassword(typedPassword);
  return normalForm === typedPassword ? [normalForm] : [normalForm, typedPassword, normalForm];
}

/**
 * Finds out whether a new password is among those that attackers try first. There are no rules about its characters.
 * Loads the list of common passwords on the first call.
 * @param names known about its owner: username, e-mail address
 * @returns undefined when the password is accepted
 */
export async function findPasswordWeakness(
  password: string,
  names: readonly string[],
): Promise<PasswordWeakness | undefined> {
  commonPasswords ??= loadCommonPasswords().catch((error: unknown) => {
    // A failed load is repeated on the next call.
    commonPasswords = undefined;
    throw error;
  });
  if (isCommonPassword(password, await commonPasswords)) return 'password_too_common';
  return isMadeOfNames(names, password) ? 'password_like_name' : undefined;
}

/** Leaves out those that are too short for a password. */
async function loadCommonPasswords(): Promise<ReadonlySet<string>> {
  const { dictionary } = await import('@zxcvbn-ts/language-common');
  return new Set(dictionary['passwords-common'].filter(({ length }) => length >= MIN_CHARACTERS_LEFT));
}

/** Digits and signs around a common password do not make it uncommon. */
function isCommonPassword(password: string, common: ReadonlySet<string>): boolean {
  const lower = password.toLowerCase();
  const withoutSigns = lower.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');
  const withoutDigits = lower.replace(/^\P{L}+|\P{L}+$/gu, '');
  const forms = [lower, withoutSigns, withoutDigits];
  return forms.some((form) => common.has(form)) || new Set(lower).size < MIN_DISTINCT_CHARACTERS;
}

/** @returns whether little is left of a password without the names of its owner and of the server */
function isMadeOfNames(names: readonly string[], password: string): boolean {
  const words = [...SERVER_WORDS, ...names.flatMap(nameWordsOf)].filter(({ length }) => length >= MIN_WORD_LENGTH);
  // Longer words first: `annak` before `anna`.
  const pattern = words.sort((a, b) => b.length - a.length).join('|');
  const whole = keepLettersAndDigits(password);
  const rest = whole.replace(new RegExp(pattern, 'gu'), '');
  return rest !== whole && rest.length < MIN_CHARACTERS_LEFT;
}

/** @returns the name as a whole and in parts, without the top-level domain; `anna87` is `anna` as well */
function nameWordsOf(name: string): string[] {
  const parts = name.replace(/(@.*)\.[^.]*$/, '$1').split('@');
  const words = [...parts, ...parts.flatMap((part) => part.split(/[^\p{L}\p{N}]+/u))].map(keepLettersAndDigits);
  return [...words, ...words.map((word) => word.replace(/\d+$/, ''))];
}

function keepLettersAndDigits(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}
