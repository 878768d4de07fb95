import type { Texts } from '../../../../i18n/en';
import type { OutgoingRing } from '../../../state/rings/rings';

/** @returns the text that describes the phase of an outgoing ring */
export function describeRingPhase(outgoing: OutgoingRing | null, { rings }: Texts): string {
  if (!outgoing) return rings.phase.calling;
  const { phase, ring } = outgoing;
  return phase === 'ringing' ? rings.phase.ringing(ring.devices) : rings.phase[phase];
}
