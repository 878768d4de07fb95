import { loudnessOf } from './sound';

describe('loudnessOf', () => {
  it('is 0 for silence and for no samples, 1 at full scale', () => {
    expect(loudnessOf([0, 0, 0])).toBe(0);
    expect(loudnessOf([])).toBe(0);
    expect(loudnessOf([1, -1, 1])).toBe(1);
  });

  it('goes by decibels, as ears do', () => {
    expect(loudnessOf([0.1, -0.1])).toBeCloseTo(1 - 20 / 60);
    expect(loudnessOf([0.0001])).toBe(0);
  });
});
