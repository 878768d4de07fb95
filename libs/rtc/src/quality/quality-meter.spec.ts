import { QualityMeter } from './quality-meter';

const media = { microphone: true, camera: true, screen: false, screenSound: false };
const trackOf = (kind: string): string => `track-${kind}`;

function report(seconds: number, more: { concealed?: number; lost?: number; candidate?: string } = {}): RTCStatsReport {
  const timestamp = seconds * 1000;
  const stats = [
    {
      id: 'sound',
      type: 'inbound-rtp',
      timestamp,
      trackIdentifier: 'track-microphone',
      packetsReceived: seconds * 50,
      packetsLost: more.lost ?? 0,
      bytesReceived: seconds * 5000,
      totalSamplesReceived: seconds * 48_000,
      concealedSamples: (more.concealed ?? 0) + 7000,
      silentConcealedSamples: 7000,
      jitterBufferDelay: seconds * 48_000 * 0.04,
      jitterBufferEmittedCount: seconds * 48_000,
      jitter: 0.003,
    },
    {
      id: 'picture',
      type: 'inbound-rtp',
      timestamp,
      trackIdentifier: 'track-camera',
      framesDecoded: seconds * 24,
      totalFreezesDuration: 0,
      frameWidth: 640,
      frameHeight: 360,
      bytesReceived: seconds * 50_000,
    },
    { id: 'out', type: 'outbound-rtp', timestamp, bytesSent: seconds * 25_000, qualityLimitationReason: 'cpu' },
    { id: 'transport', type: 'transport', selectedCandidatePairId: 'pair' },
    {
      id: 'pair',
      type: 'candidate-pair',
      currentRoundTripTime: 0.1,
      localCandidateId: 'here',
      remoteCandidateId: 'far',
    },
    { id: 'here', type: 'local-candidate', candidateType: more.candidate ?? 'host' },
    { id: 'far', type: 'remote-candidate', candidateType: 'host' },
  ];
  return new Map(stats.map((s) => [s.id, s]));
}

describe('QualityMeter', () => {
  it('measures over the time since the last call', () => {
    const meter = new QualityMeter();
    meter.measureQuality(report(10), true, media, trackOf);
    const { level, figures } = meter.measureQuality(report(12, { concealed: 960, lost: 5 }), true, media, trackOf);
    expect(level).toBe('good');
    expect(figures).toMatchObject({
      rtt: 100,
      jitter: 3,
      concealed: 0.01,
      fps: 24,
      frozen: 0,
      bitrateIn: 440_000,
      bitrateOut: 200_000,
      resolution: { width: 640, height: 360 },
      route: 'direct',
      limitedBy: 'cpu',
    });
    expect(figures.loss).toBeCloseTo(5 / 105);
    expect(figures.mos).toBeGreaterThan(4.2);
  });

  it('is poor when much of the sound was concealed', () => {
    const meter = new QualityMeter();
    meter.measureQuality(report(0), true, media, trackOf);
    expect(meter.measureQuality(report(2, { concealed: 28_800 }), true, media, trackOf).level).toBe('poor');
  });

  it('does not count silence that the sender left out on purpose', () => {
    const meter = new QualityMeter();
    meter.measureQuality(report(0), true, media, trackOf);
    expect(meter.measureQuality(report(2), true, media, trackOf).figures.concealed).toBe(0);
  });

  it('notices a route through a TURN server', () => {
    const meter = new QualityMeter();
    expect(meter.measureQuality(report(2, { candidate: 'relay' }), true, media, trackOf).figures.route).toBe('relay');
  });

  it('leaves out media that the participant does not send', () => {
    const meter = new QualityMeter();
    const muted = { ...media, microphone: false, camera: false };
    meter.measureQuality(report(0), true, muted, trackOf);
    const { level, figures } = meter.measureQuality(report(2), true, muted, trackOf);
    expect(figures).toMatchObject({ mos: null, fps: null, jitter: null, resolution: null });
    expect(level).toBe('good');
  });

  it('is lost without a connection', () => {
    const meter = new QualityMeter();
    expect(meter.measureQuality(null, false, media, trackOf)).toMatchObject({ level: 'lost', figures: { rtt: null } });
  });
});
