import type { RingDto, Ringtone } from '@webcall/contracts';
import type { Tone } from '../media/melodies';
import type { OutgoingRing } from './rings';

interface Facts {
  incoming: readonly RingDto[];
  outgoing: readonly OutgoingRing[];
  /** Whether this device is in a call. */
  inCall: boolean;
  /** Whether anybody else is in it. */
  alone: boolean;
  ringtoneOf: (ring: RingDto) => Ringtone;
}

/** @returns what is to be heard over and over at the moment */
export function wantedTone({ incoming, outgoing, inCall, alone, ringtoneOf }: Facts): Tone | null {
  const [ring] = incoming;
  // Who talks is told of the next call without being drowned out.
  if (ring) return inCall || ring.busy ? 'waiting' : ringtoneOf(ring);
  if (!alone) return null;
  const phases = outgoing.map(({ phase }) => phase);
  if (phases.includes('ringing')) return 'ringback';
  // Nothing rings anywhere, so the caller hears nothing.
  return phases.includes('busy') || phases.includes('waiting') ? 'waiting' : null;
}
