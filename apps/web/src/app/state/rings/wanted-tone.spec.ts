import type { RingDto } from '@webcall/contracts';
import type { OutgoingRing } from './rings';
import { wantedTone } from './wanted-tone';

const incoming = (more: Partial<RingDto> = {}) => [{ callerId: 'boris', busy: false, ...more } as RingDto];
const outgoing = (...phases: OutgoingRing['phase'][]) => phases.map((phase) => ({ phase }) as OutgoingRing);
const facts = { incoming: [], outgoing: [], inCall: false, alone: true, ringtoneOf: () => 'bell' as const };

describe('wantedTone', () => {
  it('is silent when nobody calls', () => {
    expect(wantedTone(facts)).toBeNull();
  });

  it('is the ringtone of who calls, and a soft one for who talks, here or on another device', () => {
    expect(wantedTone({ ...facts, incoming: incoming() })).toBe('bell');
    expect(wantedTone({ ...facts, incoming: incoming(), inCall: true })).toBe('waiting');
    expect(wantedTone({ ...facts, incoming: incoming({ busy: true }) })).toBe('waiting');
  });

  it('lets the caller hear ringing only while something rings, and nothing once somebody is there', () => {
    const of = (...phases: OutgoingRing['phase'][]) => wantedTone({ ...facts, outgoing: outgoing(...phases) });
    expect(of('calling')).toBeNull();
    expect(of('unreached', 'declined')).toBeNull();
    expect(of('unreached', 'ringing')).toBe('ringback');
    expect(of('busy')).toBe('waiting');
    expect(of('waiting')).toBe('waiting');
    expect(wantedTone({ ...facts, outgoing: outgoing('ringing'), alone: false })).toBeNull();
  });
});
