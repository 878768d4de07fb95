import { wordlist } from '@scure/bip39/wordlists/english.js';
import fc from 'fast-check';
import { base64UrlOf, hexOf } from '../bytes/bytes';
import { encodeFields } from '../bytes/encoding';
import {
  createPairingCode,
  qrTextOfPairingCode,
  readScannedPairingCode,
  readTypedPairingCode,
  wordsOfPairingCode,
} from './pairing-code';

const anyCode = fc.uint8Array({ minLength: 11, maxLength: 11 });
const code = Uint8Array.of(0, 0, 0x20, 0xff, 0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xff);
const words = wordsOfPairingCode(code);

describe('the words of a pairing code', () => {
  it('stay the same in every release', () => {
    expect(words.join(' ')).toMatchInlineSnapshot(`"abandon absurd divert caught earth detail helmet paper"`);
    expect(wordsOfPairingCode(new Uint8Array(11))).toEqual(Array(8).fill('abandon'));
    expect(wordsOfPairingCode(new Uint8Array(11).fill(0xff))).toEqual(Array(8).fill('zoo'));
  });

  it('give the code back, also by four letters of each', () => {
    fc.assert(
      fc.property(anyCode, (bytes) => {
        const all = wordsOfPairingCode(bytes);
        expect(readTypedPairingCode(all.join(' '))).toEqual({ code: bytes });
        expect(readTypedPairingCode(all.map((word) => word.slice(0, 4)).join(' '))).toEqual({ code: bytes });
      }),
    );
  });

  it('have 88 bits, others each time', () => {
    const codes = Array.from({ length: 50 }, createPairingCode);
    expect(new Set(codes.map(hexOf)).size).toBe(50);
    expect(codes.every(({ length }) => length === 11)).toBe(true);
    expect(new Set(wordlist.map((word) => word.slice(0, 4))).size).toBe(2048);
  });

  it.each<[string, (all: string[]) => string]>([
    ['capitals', (all) => all.join(' ').toUpperCase()],
    ['wide letters of another keyboard', (all) => all.join('　').replaceAll('a', 'ａ')],
    ['blanks and lines', (all) => `\n ${all.join(' \t\n ')}  `],
    ['commas', (all) => `${all.join(', ')}.`],
    ['numbers', (all) => all.map((word, i) => `${i + 1}. ${word}`).join(' ')],
    ['beginnings of different lengths', (all) => all.map((word, i) => word.slice(0, 4 + i)).join('-')],
  ])('are read with %s', (_, type) => {
    expect(readTypedPairingCode(type(words))).toEqual({ code });
  });

  it.each<[string, (all: string[]) => string[], number[], number]>([
    ['a word of no list', (all) => all.with(2, 'hallo'), [2], 8],
    ['three letters', (all) => all.with(0, 'aba').with(7, 'zo'), [0, 7], 8],
    ['letters behind a word', (all) => all.with(3, `${all[3]}s`), [3], 8],
    ['letters that look alike', (all) => all.with(1, 'аbandon'), [1], 8],
    ['a word less', (all) => all.slice(1), [], 7],
    ['a word more', (all) => [...all, 'zoo'], [], 9],
    ['nothing', () => [], [], 0],
  ])('say which of them are none: %s', (_, change, unknownWords, wordCount) => {
    expect(readTypedPairingCode(change(words).join(' '))).toEqual({ unknownWords, wordCount });
  });

  it('are whole words before they are beginnings', () => {
    const all = ['act', 'add', ...Array<string>(6).fill('zoo')];
    const typed = readTypedPairingCode(all.join(' '));
    expect('code' in typed && wordsOfPairingCode(typed.code)).toEqual(all);
  });
});

describe('the QR code of a pairing code', () => {
  it('gives the code back', () => {
    fc.assert(
      fc.property(anyCode, (bytes) => {
        expect(readScannedPairingCode(qrTextOfPairingCode(bytes))).toEqual(bytes);
      }),
    );
  });

  it('is nothing that a scanner would open', () => {
    expect(qrTextOfPairingCode(code)).toMatch(/^[A-Za-z0-9_-]+$/);
  });

  it.each([
    ['an address', 'https://example.org/join/abc'],
    ['the words', words.join(' ')],
    ['nothing', ''],
    ['another text', 'abcd'],
    ['a shorter code', base64UrlOf(encodeFields('pairingCode', [code.slice(1)]))],
    ['a code with more behind it', base64UrlOf(encodeFields('pairingCode', [code, 'x']))],
    ['something else of ours', base64UrlOf(encodeFields('safetyNumber', [code]))],
  ])('is refused if it is %s', (_, text) => {
    expect(readScannedPairingCode(text)).toBeNull();
  });
});
