import { readPositionDelayMs } from './read-position';

describe('readPositionDelayMs', () => {
  it.each([
    [2, 300],
    [7, 300],
    [25, 1000],
    [500, 20_000],
    [1500, 60_000],
    [10_000, 60_000],
  ])('in a room of %i members is at most %i ms, and at least half of it', (memberCount, longest) => {
    expect(readPositionDelayMs(memberCount, 0)).toBe(longest);
    expect(readPositionDelayMs(memberCount, 0.5)).toBe(0.75 * longest);
    expect(readPositionDelayMs(memberCount, 1)).toBe(longest / 2);
  });
});
