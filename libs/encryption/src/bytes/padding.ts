import { type Bytes } from './bytes';

/** Anything shorter looks the same: a word and a sentence. */
const SHORTEST = 64;

/** Ends the text, as in ISO/IEC 7816-4: what follows is zeros. */
const END_OF_TEXT = 0x80;

/**
 * @returns the length to which Padmé rounds up: it costs at most 12 %, and a length of up to L bits tells only
 *   O(log log L) of them (Nikitin et al., Reducing Metadata Leakage from Encrypted Files and Communication with PURBs)
 */
export function padmeLength(length: number): number {
  if (length < 2) return length;
  const exponent = Math.floor(Math.log2(length));
  const step = 2 ** (exponent - (Math.floor(Math.log2(exponent)) + 1));
  return Math.ceil(length / step) * step;
}

/** @returns the bytes with an end mark, and zeros up to {@link padmeLength}, at least 64 */
export function padBytes(bytes: Uint8Array): Bytes {
  const padded = new Uint8Array(padmeLength(Math.max(bytes.length + 1, SHORTEST)));
  padded.set(bytes);
  padded[bytes.length] = END_OF_TEXT;
  return padded;
}

/** @returns what {@link padBytes} was given; null if the padding is not its own */
export function unpadBytes(padded: Uint8Array): Bytes | null {
  const end = padded.lastIndexOf(END_OF_TEXT);
  if (end < 0 || padded.subarray(end + 1).some((byte) => byte !== 0)) return null;
  const bytes = padded.slice(0, end);
  return padBytes(bytes).length === padded.length ? bytes : null;
}
