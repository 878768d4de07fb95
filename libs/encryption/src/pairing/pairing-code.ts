import { wordlist } from '@scure/bip39/wordlists/english.js';
import { base64UrlOf, type Bytes, bytesOfBase64Url, randomBytes } from '../bytes/bytes';
import { decodeFields, encodeFields } from '../bytes/encoding';

/** 88 bits: the server has the request, and can try codes on it at any speed, and for years. */
const CODE_LENGTH = 11;

const WORDS = 8;
const BITS_PER_WORD = 11;

/** No two words of the list begin with the same four letters. */
const LETTERS_THAT_NAME_A_WORD = 4;

/** What somebody has typed: a code, or which of the words are none, by position from 0, and how many there are. */
export type TypedPairingCode =
  { readonly code: Bytes } | { readonly unknownWords: readonly number[]; readonly wordCount: number };

/** @returns a new code, by which one device recognises another one: it is shown, and never sent */
export function createPairingCode(): Bytes {
  return randomBytes(CODE_LENGTH);
}

/** @returns the code as eight words, to be read and typed */
export function wordsOfPairingCode(code: Bytes): string[] {
  const number = code.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return Array.from({ length: WORDS }, (_, position) => {
    const index = (number >> shiftOf(position)) & BigInt(wordlist.length - 1);
    return wordlist[Number(index)] ?? '';
  });
}

/** @returns the code of typed words, in any case and with anything between them; four letters of a word are enough */
export function readTypedPairingCode(text: string): TypedPairingCode {
  const typed =
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/\p{L}+/gu) ?? [];
  const indexes = typed.map(indexOfTypedWord);
  const unknownWords = indexes.flatMap((index, position) => (index < 0 ? [position] : []));
  if (unknownWords.length > 0 || typed.length !== WORDS) return { unknownWords, wordCount: typed.length };
  const number = indexes.reduce((sum, index, position) => sum | (BigInt(index) << shiftOf(position)), 0n);
  const byteAt = (i: number): number => Number((number >> BigInt(8 * (CODE_LENGTH - 1 - i))) & 0xffn);
  return { code: Uint8Array.from({ length: CODE_LENGTH }, (_, i) => byteAt(i)) };
}

/** @returns the code as the text of a QR code; it is no address, so other scanners can do nothing with it */
export function qrTextOfPairingCode(code: Bytes): string {
  return base64UrlOf(encodeFields('pairingCode', [code]));
}

/** @returns the code of a scanned text; null if it is anything else */
export function readScannedPairingCode(text: string): Bytes | null {
  const bytes = bytesOfBase64Url(text);
  const fields = bytes && decodeFields('pairingCode', bytes);
  const code = fields?.readBytes(CODE_LENGTH);
  return code && fields?.isComplete ? code : null;
}

function indexOfTypedWord(typed: string): number {
  const isPrefix = typed.length >= LETTERS_THAT_NAME_A_WORD;
  return wordlist.findIndex((word) => word === typed || (isPrefix && word.startsWith(typed)));
}

function shiftOf(position: number): bigint {
  return BigInt(BITS_PER_WORD * (WORDS - 1 - position));
}
