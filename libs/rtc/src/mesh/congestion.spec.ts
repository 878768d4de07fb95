import fc from 'fast-check';
import { Congestion, LOWEST, UplinkMeter, type Uplink } from './congestion';

const fine: Uplink = { loss: 0, rtt: 50, available: 2_000_000 };
const CAMERA = 1_000_000;

function after(...phases: [Partial<Uplink>, number][]): number {
  const congestion = new Congestion();
  for (const [uplink, times] of phases) {
    for (let i = 0; i < times; i++) congestion.update({ ...fine, ...uplink }, CAMERA);
  }
  return congestion.step;
}

describe('Congestion', () => {
  it('leaves the camera alone while the path is good, or tells nothing', () => {
    expect(after([{}, 100])).toBe(0);
    expect(after([{ loss: null, rtt: null, available: null }, 100])).toBe(0);
  });

  it('steps down after two bad measurements, not after one', () => {
    expect(after([{ loss: 0.12 }, 1], [{}, 1], [{ loss: 0.12 }, 1])).toBe(0);
    expect(after([{ loss: 0.12 }, 2])).toBe(1);
  });

  it('steps down with each measurement when hardly anything arrives', () => {
    expect(after([{ loss: 0.5 }, 2])).toBe(2);
  });

  it('goes all the way down where the path is clogged or narrow, and half of it where it only loses', () => {
    expect(after([{ rtt: 900 }, 50])).toBe(LOWEST);
    expect(after([{ available: 100_000 }, 50])).toBe(LOWEST);
    expect(after([{ loss: 0.5 }, 50])).toBe(2);
  });

  it('comes back step by step when it has been good for 10 s', () => {
    expect(after([{ loss: 0.5 }, 50], [{}, 4])).toBe(2);
    expect(after([{ loss: 0.5 }, 50], [{}, 5])).toBe(1);
    expect(after([{ rtt: 900 }, 50], [{}, 50])).toBe(0);
  });

  it('never leaves the ladder, and never moves by more than one step', () => {
    const number = (max: number) => fc.option(fc.double({ min: 0, max, noNaN: true }), { nil: null });
    const uplink = fc.record({ loss: number(1), rtt: number(3000), available: number(5_000_000) });
    fc.assert(
      fc.property(fc.array(uplink, { maxLength: 100 }), (uplinks) => {
        const congestion = new Congestion();
        for (const now of uplinks) {
          const before = congestion.step;
          const step = congestion.update(now, CAMERA);
          expect(Math.abs(step - before)).toBeLessThanOrEqual(1);
          expect(step >= 0 && step <= LOWEST).toBe(true);
        }
      }),
    );
  });
});

describe('UplinkMeter', () => {
  const report = (timestamp: number, fractionLost: number): RTCStatsReport =>
    new Map<string, object>([
      ['sound', { id: 'sound', type: 'remote-inbound-rtp', timestamp, fractionLost }],
      ['transport', { id: 'transport', type: 'transport', selectedCandidatePairId: 'pair' }],
      ['pair', { id: 'pair', type: 'candidate-pair', currentRoundTripTime: 0.2, availableOutgoingBitrate: 300_000 }],
    ]);

  it('reads what the receiver reports, each report once', () => {
    const meter = new UplinkMeter();
    expect(meter.measure(report(1, 0.2))).toEqual({ loss: 0.2, rtt: 200, available: 300_000 });
    expect(meter.measure(report(1, 0.2)).loss).toBeNull();
    expect(meter.measure(report(2, 0)).loss).toBe(0);
  });

  it('knows nothing of an empty report', () => {
    expect(new UplinkMeter().measure(new Map())).toEqual({ loss: null, rtt: null, available: null });
  });
});
