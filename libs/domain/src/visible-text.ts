/** How many marks one letter may have: Tibetan and pointed Hebrew need up to eight, more paint over their neighbours. */
export const MAX_MARKS_ON_LETTER = 8;

/** Drawn as nothing, although Unicode counts them as letters or symbols: blanks, and a place for an object. */
const BLANKS = String.raw`\u2800\uFFFC\u{13441}\u{13442}\u{1D159}`;

/** The pictographs include code points that are kept for emoji of later versions of Unicode. */
const SOMETHING_TO_SEE = new RegExp(
  String.raw`(?![\p{DI}${BLANKS}])[\p{L}\p{N}\p{P}\p{S}\p{Co}\p{Extended_Pictographic}]`,
  'u',
);

/** NUL and halves of characters, which no store accepts, and other control characters than tabs and line breaks. */
const CONTROL_CHARACTERS = /(?![\t\n\r])[\p{Cc}\p{Cs}]/gu;

/** A mark, with what is invisible after it and would not end the pile of marks. */
const MARK = String.raw`\p{M}(?:(?!\p{M})[\p{Cf}\p{DI}])*`;
const PILED_MARKS = new RegExp(`((?:${MARK}){${MAX_MARKS_ON_LETTER}})(?:${MARK})+`, 'gu');

/** What hides in a name, breaks its line or turns its direction. */
const HIDDEN_IN_NAME = new RegExp(String.raw`[\p{Cc}\p{Cf}\p{DI}\p{Zl}\p{Zp}${BLANKS}]`, 'u');

const CURSIVE_LETTER = `(?:${['Arab', 'Syrc', 'Mand', 'Nkoo', 'Mong', 'Phag', 'Adlm', 'Rohg']
  .map((script) => String.raw`(?!\p{DI})(?=\p{scx=${script}})\p{L}`)
  .join('|')})`;

/** The sign without a vowel in the scripts of India and Sri Lanka, at which joiners choose the form of a cluster. */
const VIRAMA = String.raw`[\u094D\u09CD\u0A4D\u0ACD\u0B4D\u0BCD\u0C4D\u0CCD\u0D4D\u0DCA]`;

/** Invisible characters where a script or an emoji needs them: elsewhere they only make equal names differ. */
const NEEDED_JOINERS = new RegExp(
  [
    String.raw`(?<=${CURSIVE_LETTER}\p{M}*)[\u200C\u200D](?=${CURSIVE_LETTER})`,
    String.raw`(?<=${VIRAMA})[\u200C\u200D]|(?<=\p{L})\u200D(?=${VIRAMA})`,
    String.raw`(?<=\p{Extended_Pictographic}[\uFE0F\p{Emoji_Modifier}]?)\u200D(?=\p{Extended_Pictographic})`,
    String.raw`(?<=\p{Extended_Pictographic})[\uFE0E\uFE0F]|(?<=[0-9#*])\uFE0F(?=\u20E3)`,
    // The flags of England, Scotland and Wales.
    String.raw`(?<=\u{1F3F4})[\u{E0030}-\u{E0039}\u{E0061}-\u{E007A}]{3,6}\u{E007F}`,
  ].join('|'),
  'gu',
);

/** @returns whether people can see the text and it stays within its lines: the rule for messages */
export function isVisibleText(text: string): boolean {
  return SOMETHING_TO_SEE.test(text) && text === removeUnreadable(text);
}

/** @returns whether the text is visible and, but for joiners where they are needed, hides nothing: the rule for names */
export function isVisibleName(name: string): boolean {
  return isVisibleText(name) && !HIDDEN_IN_NAME.test(name.replace(NEEDED_JOINERS, ''));
}

/**
 * Makes what was typed or pasted into a message that can be sent, if there is something to see.
 * @returns the text without control characters, marks beyond the limit, and white space around it
 */
export function cleanMessageText(text: string): string {
  return removeUnreadable(text).trim();
}

function removeUnreadable(text: string): string {
  return text.replace(CONTROL_CHARACTERS, '').replace(PILED_MARKS, '$1');
}
