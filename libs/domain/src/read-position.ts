/** For how long a device gathers what its user reads, in ms: at least, for each member of the room, and at most. */
const GATHERING = { least: 300, perMember: 100, most: 60_000 } as const;

/**
 * For how long a device gathers what its user reads before it reports how far that is, in ms. In a large room a message
 * is read by everybody at once, and the next one soon after: the reports of all members together stay below some 14 a
 * second however many they are, until the longest delay is reached at 600.
 * @param random from 0 to 1, and another one each time, so that not all devices report at the same moment
 */
export function readPositionDelayMs(memberCount: number, random: number): number {
  const longest = Math.min(GATHERING.most, Math.max(GATHERING.least, GATHERING.perMember * memberCount));
  return longest * (1 - random / 2);
}
