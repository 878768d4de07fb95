import type { Ring } from '@webcall/domain';

/** What the caller is told of a ring. */
export type RingPhase =
  'calling' | 'ringing' | 'unreached' | 'busy' | 'waiting' | 'accepted' | 'declined' | 'missed' | 'quiet' | 'cancelled';

/** A device that is there says so at once; after this long without one, none can be reached. */
const REACH_WITHIN = 3000;

/** @param age how long the ring has been going on, in ms */
export function phaseOf(ring: Ring, age: number): RingPhase {
  if (ring.status === 'missed') return ring.quiet ? 'quiet' : 'missed';
  if (ring.status !== 'ringing') return ring.status;
  if (ring.waiting) return 'waiting';
  if (ring.devices === 0) return age < REACH_WITHIN ? 'calling' : 'unreached';
  return ring.busy ? 'busy' : 'ringing';
}
