import { generateMnemonic, mnemonicToEntropy } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { type Bytes, utf8Bytes } from '../bytes/bytes';
import { encodeFields } from '../bytes/encoding';
import { KEY_LENGTH } from '../bytes/signing';
import { deriveBytes, importKdfKey } from '../bytes/symmetric';
import { type ReceivingKey, receivingKeyOfSeed } from '../identity/receiving';

/** 128 bits, which nobody guesses: no slow hash is needed. The last word has four bits of checksum. */
const ENTROPY_BITS = 128;

const ASKED_WORDS = 2;

/** A word of a phrase that will be asked for, by its place from 0 on. */
export interface AskedWord {
  readonly position: number;
  readonly word: string;
}

/** What a phrase makes for one user. Another user’s are others, by the same words. */
interface PhraseKeys {
  /** The vault key is sealed to it. */
  readonly receiving: ReceivingKey;
  /** @returns what only who has the phrase can make of an identity: the server cannot put another one in its place */
  proveIdentity(identity: Bytes): Promise<Bytes>;
}

/** @returns a new recovery phrase: 12 English words of BIP 39 */
export function createPhrase(): readonly string[] {
  return wordsOf(generateMnemonic(wordlist, ENTROPY_BITS));
}

/** @returns the keys of the phrase as somebody typed it; null if it is no phrase: a word is wrong, or they are in disorder */
export async function keysOfPhrase(text: string, userId: string): Promise<PhraseKeys | null> {
  const entropy = entropyOf(text);
  if (!entropy) return null;
  const [secret, salt] = [await importKdfKey(entropy), utf8Bytes(userId)];
  const derive = (info: Bytes): Promise<Bytes> => deriveBytes(secret, info, KEY_LENGTH, salt);
  return {
    receiving: await receivingKeyOfSeed(await derive(encodeFields('phraseKey', []))),
    proveIdentity: (identity) => derive(encodeFields('phraseIdentity', [identity])),
  };
}

/**
 * @returns two words of the phrase at random places, to be asked for some days later. They are kept in the vault, where
 *   devices read them: of a phrase that they do not know 106 bits remain.
 */
export function chooseAskedWords(phrase: readonly string[]): readonly AskedWord[] {
  const places = phrase.map((word, position) => ({ position, word, order: randomNumber() }));
  const chosen = places.toSorted((a, b) => a.order - b.order).slice(0, ASKED_WORDS);
  return chosen.map(({ position, word }) => ({ position, word })).toSorted((a, b) => a.position - b.position);
}

/** @returns whether those are the words that were asked for, in their order */
export function areAskedWords(asked: readonly AskedWord[], answers: readonly string[]): boolean {
  const words = wordsOf(answers.join(' '));
  return words.length === asked.length && asked.every(({ word }, i) => word === words[i]);
}

function entropyOf(text: string): Bytes | null {
  const words = wordsOf(text);
  if (words.length !== (ENTROPY_BITS * 3) / 32) return null;
  try {
    return new Uint8Array(mnemonicToEntropy(words.join(' '), wordlist));
  } catch {
    return null;
  }
}

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().split(/\s+/).filter(Boolean);
}

function randomNumber(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
}
