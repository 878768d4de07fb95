import { writeFileSync } from 'node:fs';

/** Samples a second. */
export const RATE = 48_000;
const SECONDS = 10;

/**
 * A voice that never pauses, to be repeated: the fake microphone's own beeps have silence between them, in which nothing
 * is sent and a gap could not be told from it.
 * @param pitch in Hz, to tell one voice from another
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
  const samples = Buffer.from(voice().buffer);
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + samples.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(RATE, 24);
  head.writeUInt32LE(RATE * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(samples.length, 40);
  writeFileSync(file, Buffer.concat([head, samples]));
}
