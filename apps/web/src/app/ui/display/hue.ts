const HUES = 12;

/**
 * The colour of a person: the same in every list, call and browser.
 * @returns the number of `--person-N` (behind white letters) and `--person-ink-N` (as text and ring)
 */
export function hueOf(id: string): number {
  let hash = 0;
  for (const character of id) hash = (Math.imul(hash, 31) + (character.codePointAt(0) ?? 0)) | 0;
  return Math.abs(hash) % HUES;
}
