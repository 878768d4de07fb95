import type { RingDto, Ringtone } from '@webcall/contracts';
import type { Tone } from '../media/melodies';
import type { OutgoingRing } from './rings';

interface CallToneFacts {
  incoming: readonly RingDto[];
  outgoing: readonly OutgoingRing[];
  /** Whether this device is in a call. */
  inCall: boolean;
  /** Whether this device is in a call in which nobody else is. */
  alone: boolean;
  ringtoneOf: (ring: RingDto) => Ringtone;
}

/** @returns the tone to repeat at the moment */
export function selectCallTone({ incoming, outgoing, inCall, alone, ringtoneOf }: CallToneFacts): Tone | null {
  const [ring] = incoming;
  // In a call the next one is announced softly, so that it does not drown out the conversation.
  if (ring) return inCall || ring.busy ? 'waiting' : ringtoneOf(ring);
  if (!alone) return null;
  const phases = outgoing.map(({ phase }) => phase);
  if (phases.includes('ringing')) return 'ringback';
  // While no device rings, no tone plays for the caller.
  return phases.includes('busy') || phases.includes('waiting') ? 'waiting' : null;
}
