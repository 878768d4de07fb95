/** @returns the entry at that place, counted around and around; there must be one */
export function entryAt<T>(entries: readonly T[], place: number): T {
  const entry = entries[place % entries.length];
  if (entry === undefined) throw new Error('There is nothing to choose from.');
  return entry;
}
