import fc from 'fast-check';
import { CongestionControl, LOWEST_CAMERA_STEP, type UplinkFigures, UplinkMeter } from './congestion-control';

const fine: UplinkFigures = { loss: 0, rtt: 50, available: 2_000_000 };
const CAMERA = 1_000_000;

function after(...phases: [Partial<UplinkFigures>, number][]): number {
  const congestion = new CongestionControl();
  for (const [uplink, times] of phases) {
    for (let i = 0; i < times; i++) congestion.updateCameraStep({ ...fine, ...uplink }, CAMERA);
  }
  return congestion.cameraStep;
}

describe('CongestionControl', () => {
  it('leaves the camera alone while the path is good or unknown', () => {
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

  it('steps all the way down when the path is clogged or narrow, and halfway when it only loses packets', () => {
    expect(after([{ rtt: 900 }, 50])).toBe(LOWEST_CAMERA_STEP);
    expect(after([{ available: 100_000 }, 50])).toBe(LOWEST_CAMERA_STEP);
    expect(after([{ loss: 0.5 }, 50])).toBe(2);
  });

  it('steps up again after each 10 s of a good path', () => {
    expect(after([{ loss: 0.5 }, 50], [{}, 4])).toBe(2);
    expect(after([{ loss: 0.5 }, 50], [{}, 5])).toBe(1);
    expect(after([{ rtt: 900 }, 50], [{}, 50])).toBe(0);
  });

  it('never leaves the ladder, and never moves by more than one step', () => {
    const number = (max: number) => fc.option(fc.double({ min: 0, max, noNaN: true }), { nil: null });
    const uplink = fc.record({ loss: number(1), rtt: number(3000), available: number(5_000_000) });
    fc.assert(
      fc.property(fc.array(uplink, { maxLength: 100 }), (uplinks) => {
        const congestion = new CongestionControl();
        for (const now of uplinks) {
          const before = congestion.cameraStep;
          const step = congestion.updateCameraStep(now, CAMERA);
          expect(Math.abs(step - before)).toBeLessThanOrEqual(1);
          expect(step >= 0 && step <= LOWEST_CAMERA_STEP).toBe(true);
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

  it('counts each report of the receiver once', () => {
    const meter = new UplinkMeter();
    expect(meter.measureUplink(report(1, 0.2))).toEqual({ loss: 0.2, rtt: 200, available: 300_000 });
    expect(meter.measureUplink(report(1, 0.2)).loss).toBeNull();
    expect(meter.measureUplink(report(2, 0)).loss).toBe(0);
  });

  it('has no figures for an empty report', () => {
    expect(new UplinkMeter().measureUplink(new Map())).toEqual({ loss: null, rtt: null, available: null });
  });
});
