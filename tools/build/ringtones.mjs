/** Renders the melodies of the web client to the files that it plays: `node tools/build/ringtones.mjs`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { MELODIES } from '../../apps/web/src/app/state/media/melodies.ts';
import { root } from '../bootstrap.mjs';
import { wav } from './wav.mjs';

const RATE = 16_000;
const ATTACK = 0.008;
const folder = path.join(root, 'apps/web/public/sounds');

/** @returns a sample of a note, which begins fast and fades; higher partials fade sooner. */
function sampleOf({ hz, length, level }, partials, time) {
  if (time < 0 || time >= length) return 0;
  const edge = Math.min(1, time / ATTACK, (length - time) / ATTACK);
  const total = partials.reduce((sum, strength) => sum + strength, 0);
  return partials.reduce((sum, strength, i) => {
    const fading = partials.length > 1 ? Math.exp((-4 * (1 + i) * time) / length) : 1;
    return sum + (level * edge * fading * strength * Math.sin(2 * Math.PI * hz * (i + 1) * time)) / total;
  }, 0);
}

function render({ period, partials, notes }) {
  const samples = new Int16Array(Math.round(period * RATE));
  for (const i of samples.keys()) {
    const sum = notes.reduce((all, note) => all + sampleOf(note, partials, i / RATE - note.at), 0);
    samples[i] = Math.round(Math.max(-1, Math.min(1, sum)) * 32_767);
  }
  return samples;
}

mkdirSync(folder, { recursive: true });
for (const [name, melody] of Object.entries(MELODIES)) {
  writeFileSync(path.join(folder, `${name}.wav`), wav(render(melody), RATE));
}
