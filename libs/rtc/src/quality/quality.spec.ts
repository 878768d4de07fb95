import { estimateOpinionScore, type QualityFigures, qualityLevelOf } from './quality';

const fine: QualityFigures = {
  mos: 4.3,
  rtt: 40,
  loss: 0,
  jitter: 2,
  concealed: 0,
  fps: 30,
  frozen: 0,
  resolution: { width: 1280, height: 720 },
  bitrateIn: 900_000,
  bitrateOut: 900_000,
  route: 'direct',
  limitedBy: null,
};

describe('estimateOpinionScore', () => {
  it('is about 4.4 at its best and never below 1', () => {
    expect(estimateOpinionScore(20, 0)).toBeCloseTo(4.4, 1);
    expect(estimateOpinionScore(5000, 1)).toBe(1);
  });

  it('falls with delay and with concealed sound', () => {
    expect(estimateOpinionScore(300, 0)).toBeLessThan(estimateOpinionScore(100, 0));
    expect(estimateOpinionScore(100, 0.05)).toBeLessThan(estimateOpinionScore(100, 0.01));
  });

  it('follows the formula: 5 % concealed at 100 ms', () => {
    const r = 93.2 - 100 / 40 - 12.5;
    expect(estimateOpinionScore(100, 0.05)).toBeCloseTo(1 + 0.035 * r + 7e-6 * r * (r - 60) * (100 - r), 10);
  });
});

describe('qualityLevelOf', () => {
  it.each<[string, Partial<QualityFigures>, string]>([
    ['all is fine', {}, 'good'],
    ['a listener without camera', { fps: null, frozen: null, mos: null, loss: null }, 'good'],
    ['the sound suffers a little', { mos: 3.5 }, 'fair'],
    ['the sound suffers much', { mos: 2.5 }, 'poor'],
    ['packets are lost', { loss: 0.08 }, 'fair'],
    ['the answer takes a second', { rtt: 1000 }, 'poor'],
    ['the picture stands still', { frozen: 1500 }, 'poor'],
    ['no picture is decoded', { fps: 0 }, 'poor'],
  ])('%s', (_name, figures, level) => {
    expect(qualityLevelOf({ ...fine, ...figures }, true, true)).toBe(level);
  });

  it('is good for a still screen', () => {
    expect(qualityLevelOf({ ...fine, fps: 0, frozen: null }, true, false)).toBe('good');
  });

  it('is lost without a connection, for any figures', () => {
    expect(qualityLevelOf(fine, false, true)).toBe('lost');
  });
});
