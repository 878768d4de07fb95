import { sampleLoudnessOf } from './sound';

describe('sampleLoudnessOf', () => {
  it('is 0 for silence and for no samples, 1 at full scale', () => {
    expect(sampleLoudnessOf([0, 0, 0])).toBe(0);
    expect(sampleLoudnessOf([])).toBe(0);
    expect(sampleLoudnessOf([1, -1, 1])).toBe(1);
  });

  it('follows decibels, as human hearing does', () => {
    expect(sampleLoudnessOf([0.1, -0.1])).toBeCloseTo(1 - 20 / 60);
    expect(sampleLoudnessOf([0.0001])).toBe(0);
  });
});
