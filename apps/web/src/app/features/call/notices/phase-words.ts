import type { OutgoingRing } from '../../../state/rings/rings';
import type { Texts } from '../../../../i18n/en';

/** @returns how far a ring has come, in words */
export function phaseWords(outgoing: OutgoingRing | null, { rings }: Texts): string {
  if (!outgoing) return rings.phase.calling;
  const { phase, ring } = outgoing;
  return phase === 'ringing' ? rings.phase.ringing(ring.devices) : rings.phase[phase];
}
