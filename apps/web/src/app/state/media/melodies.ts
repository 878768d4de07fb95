import type { Ringtone } from '@webcall/contracts';

/** The tones: ringtones, those for the caller, a call that waits during another one, the end of a call, a knock. */
export type Tone = Ringtone | 'ringback' | 'busy' | 'waiting' | 'ended' | 'knock';

/** One sound of a melody, in seconds and hertz; `level` from 0 to 1. */
interface Note {
  at: number;
  hz: number;
  length: number;
  level: number;
}

/** A melody that repeats after `period` seconds; `partials` are the strengths of the multiples of each note. */
export interface Melody {
  period: number;
  partials: readonly number[];
  notes: readonly Note[];
}

const notes = (length: number, level: number, ...places: [at: number, hz: number][]): Note[] =>
  places.map(([at, hz]) => ({ at, hz, length, level }));

/** `tools/build/ringtones.mjs` renders them to the sound files; if a file cannot be played, they are synthesized. */
export const MELODIES: Record<Tone, Melody> = {
  chime: {
    period: 3,
    partials: [1, 0.35, 0.12],
    notes: notes(1.1, 0.5, [0, 659.26], [0.22, 830.61], [0.44, 987.77], [0.9, 1318.51]),
  },
  marimba: {
    period: 2.4,
    partials: [1, 0, 0, 0.3],
    notes: notes(0.4, 0.6, [0, 523.25], [0.15, 659.26], [0.3, 783.99], [0.6, 659.26], [0.75, 783.99], [0.9, 1046.5]),
  },
  bell: {
    period: 3,
    partials: [1, 0.6, 0.4, 0.25, 0.15],
    notes: notes(1.6, 0.4, [0, 587.33], [0.5, 880]),
  },
  waves: {
    period: 3.2,
    partials: [1, 0.15],
    notes: notes(0.9, 0.45, [0, 392], [0.4, 493.88], [0.8, 587.33], [1.2, 493.88], [1.6, 392]),
  },
  classic: {
    period: 3,
    partials: [1, 0.5, 0.3],
    notes: [
      ...notes(0.06, 0.4, ...Array.from({ length: 12 }, (_, i): [number, number] => [i * 0.07, i % 2 ? 1046.5 : 880])),
      ...notes(
        0.06,
        0.4,
        ...Array.from({ length: 12 }, (_, i): [number, number] => [1.1 + i * 0.07, i % 2 ? 1046.5 : 880]),
      ),
    ],
  },
  ringback: { period: 4, partials: [1], notes: notes(1, 0.22, [0, 425], [0, 478]) },
  busy: { period: 1, partials: [1], notes: notes(0.4, 0.22, [0, 425]) },
  waiting: { period: 4, partials: [1, 0.2], notes: notes(0.25, 0.25, [0, 523.25], [0.3, 659.26]) },
  knock: { period: 0.9, partials: [1, 0.2], notes: notes(0.5, 0.2, [0, 392], [0.22, 523.25]) },
  ended: { period: 0.8, partials: [1, 0.2], notes: notes(0.35, 0.3, [0, 523.25], [0.2, 392]) },
};
