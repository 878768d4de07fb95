import { readPositionDelayMs } from './read-position';

describe('readPositionDelayMs', () => {
  it.each([
    [2, 300],
    [3, 300],
    [25, 2500],
    [500, 50_000],
    [600, 60_000],
    [10_000, 60_000],
  ])('in a room of %i members is at most %i ms, and at least half of it', (memberCount, longest) => {
    expect(readPositionDelayMs(memberCount, 0)).toBe(longest);
    expect(readPositionDelayMs(memberCount, 0.5)).toBe(0.75 * longest);
    expect(readPositionDelayMs(memberCount, 1)).toBe(longest / 2);
  });
});
