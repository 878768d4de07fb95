import { writeFileSync } from 'node:fs';
import { wav } from '../../../tools/build/wav.mjs';

/** Samples per second. */
export const RATE = 48_000;
const SECONDS = 10;

/**
 * Generates a voice that never pauses, for looping. The fake microphone's beeps have silence between them, in which
 * nothing is sent and a gap could not be detected.
 * @param pitch in Hz, to distinguish voices
 */
export function voice(pitch = 140): Int16Array {
  return Int16Array.from({ length: RATE * SECONDS }, (_, i) => {
    const t = i / RATE;
    const tone = pitch + (pitch / 4) * Math.sin(2 * Math.PI * 0.7 * t);
    let sum = 0;
    for (let harmonic = 1; harmonic <= 12; harmonic += 1) {
      sum += Math.sin(2 * Math.PI * tone * harmonic * t + harmonic) / harmonic;
    }
    const syllables = 0.55 + 0.45 * Math.sin(2 * Math.PI * 4 * t);
    return Math.round(sum * syllables * 6000);
  });
}

/** Writes the voice as a file that a fake microphone can play. */
export function writeVoice(file: string): void {
  writeFileSync(file, wav(voice(), RATE));
}
