import type { RingDto } from '@webcall/contracts';
import { selectCallTone } from './call-tone';
import type { OutgoingRing } from './rings';

const incoming = (more: Partial<RingDto> = {}) => [{ callerId: 'boris', busy: false, ...more } as RingDto];
const outgoing = (...phases: OutgoingRing['phase'][]) => phases.map((phase) => ({ phase }) as OutgoingRing);
const facts = { incoming: [], outgoing: [], inCall: false, alone: true, ringtoneOf: () => 'bell' as const };

describe('selectCallTone', () => {
  it('is silent when nobody calls', () => {
    expect(selectCallTone(facts)).toBeNull();
  });

  it('is the ringtone chosen for the caller, or a soft tone for a user in a call, here or on another device', () => {
    expect(selectCallTone({ ...facts, incoming: incoming() })).toBe('bell');
    expect(selectCallTone({ ...facts, incoming: incoming(), inCall: true })).toBe('waiting');
    expect(selectCallTone({ ...facts, incoming: incoming({ busy: true }) })).toBe('waiting');
  });

  it('plays ringing to the caller only while a device rings, and nothing once somebody has joined', () => {
    const of = (...phases: OutgoingRing['phase'][]) => selectCallTone({ ...facts, outgoing: outgoing(...phases) });
    expect(of('calling')).toBeNull();
    expect(of('unreached', 'declined')).toBeNull();
    expect(of('unreached', 'ringing')).toBe('ringback');
    expect(of('busy')).toBe('waiting');
    expect(of('waiting')).toBe('waiting');
    expect(selectCallTone({ ...facts, outgoing: outgoing('ringing'), alone: false })).toBeNull();
  });
});
