/** Why a new password is refused although it is long enough; the names are the error codes of the contracts. */
export type PasswordWeakness = 'password_too_common' | 'password_like_name';

/** As many letters and digits as a whole password needs have to be left when the names are taken out of it. */
const ENOUGH = 8;

/** A shorter word stands in too many others by chance. */
const SHORTEST_WORD = 3;

/** What those who guess try on every server of this kind. */
const WORDS_OF_THE_SERVER = ['webcall'];

/** Passwords of fewer different characters are runs like `aaaaaaaa` and `12121212`. */
const FEWEST_CHARACTERS = 4;

let common: Promise<ReadonlySet<string>> | undefined;

/**
 * Judges a new password by what is tried first, and by nothing else: how it is mixed is the person's own affair.
 * Loads the list of common passwords when it is first asked.
 * @param names what people know about its owner: username, e-mail address
 * @returns undefined when there is nothing against it
 */
export async function passwordWeakness(
  password: string,
  names: readonly string[],
): Promise<PasswordWeakness | undefined> {
  common ??= loadCommon().catch((error: unknown) => {
    // A list that did not come is asked for again the next time.
    common = undefined;
    throw error;
  });
  if (isCommon(password, await common)) return 'password_too_common';
  return isMadeOf(names, password) ? 'password_like_name' : undefined;
}

/** Without those that are too short for a password. */
async function loadCommon(): Promise<ReadonlySet<string>> {
  const { dictionary } = await import('@zxcvbn-ts/language-common');
  return new Set(dictionary['passwords-common'].filter(({ length }) => length >= ENOUGH));
}

/** Digits and signs around a common password make no other one of it. */
function isCommon(password: string, listed: ReadonlySet<string>): boolean {
  const lower = password.toLowerCase();
  const withoutSigns = lower.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');
  const withoutDigits = lower.replace(/^\P{L}+|\P{L}+$/gu, '');
  const same = [lower, withoutSigns, withoutDigits];
  return same.some((each) => listed.has(each)) || new Set(lower).size < FEWEST_CHARACTERS;
}

/** @returns whether little is left of a password without the names of its owner and of the server */
function isMadeOf(names: readonly string[], password: string): boolean {
  const words = [...WORDS_OF_THE_SERVER, ...names.flatMap(wordsOf)].filter(({ length }) => length >= SHORTEST_WORD);
  // The longer first: `annak` before `anna`.
  const pattern = words.sort((a, b) => b.length - a.length).join('|');
  const whole = lettersAndDigits(password);
  const rest = whole.replace(new RegExp(pattern, 'gu'), '');
  return rest !== whole && rest.length < ENOUGH;
}

/** @returns the name as a whole and in parts, without the top-level domain; `anna87` is `anna` as well */
function wordsOf(name: string): string[] {
  const parts = name.replace(/(@.*)\.[^.]*$/, '$1').split('@');
  const words = [...parts, ...parts.flatMap((part) => part.split(/[^\p{L}\p{N}]+/u))].map(lettersAndDigits);
  return [...words, ...words.map((word) => word.replace(/\d+$/, ''))];
}

function lettersAndDigits(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}
