import type { Ring } from '@webcall/domain';
import { type RingPhase, ringPhaseOf } from './ring-phase';

const ring: Ring = {
  id: 'r',
  callerId: 'a',
  callerName: 'anna',
  calleeId: 'b',
  calleeName: 'boris',
  status: 'ringing',
  devices: 0,
  busy: false,
  quiet: false,
  waiting: false,
};

describe('ringPhaseOf', () => {
  it.each<[RingPhase, Partial<Ring>, number]>([
    ['calling', {}, 0],
    ['unreached', {}, 3000],
    ['ringing', { devices: 2 }, 0],
    ['ringing', { devices: 1 }, 30_000],
    ['busy', { devices: 1, busy: true }, 0],
    ['unreached', { busy: true }, 4000],
    ['waiting', { devices: 1, busy: true, waiting: true }, 0],
    ['accepted', { status: 'accepted' }, 0],
    ['declined', { status: 'declined', busy: true }, 0],
    ['missed', { status: 'missed' }, 0],
    ['quiet', { status: 'missed', quiet: true }, 0],
    ['cancelled', { status: 'cancelled' }, 0],
  ])('is %s for %j after %d ms', (phase, change, age) => {
    expect(ringPhaseOf({ ...ring, ...change }, age)).toBe(phase);
  });
});
