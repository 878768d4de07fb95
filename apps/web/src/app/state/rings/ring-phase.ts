import type { Ring } from '@webcall/domain';

/** The state of a ring as the caller sees it. */
export type RingPhase =
  'calling' | 'ringing' | 'unreached' | 'busy' | 'waiting' | 'accepted' | 'declined' | 'missed' | 'quiet' | 'cancelled';

/** A reachable device reports at once; if none has after this long, none can be reached, in ms. */
const REACH_WITHIN = 3000;

/** @param age how long the ring has been going on, in ms */
export function ringPhaseOf(ring: Ring, age: number): RingPhase {
  if (ring.status === 'missed') return ring.quiet ? 'quiet' : 'missed';
  if (ring.status !== 'ringing') return ring.status;
  if (ring.waiting) return 'waiting';
  if (ring.devices === 0) return age < REACH_WITHIN ? 'calling' : 'unreached';
  return ring.busy ? 'busy' : 'ringing';
}
