/** One entry of `getStats()`. */
export type StatsEntry = Readonly<Record<string, unknown>>;

/** @returns the entries of a report. */
export function statsEntriesOf(report: RTCStatsReport): readonly StatsEntry[] {
  return [...report.values()] as StatsEntry[];
}

/** @returns a number of an entry; 0 where there is none. */
export function numberStatOf(stats: StatsEntry | undefined, key: string): number {
  const value = stats?.[key];
  return typeof value === 'number' ? value : 0;
}

/** @returns the sum of a number over all entries. */
export function sumNumberStat(list: readonly StatsEntry[], key: string): number {
  return list.reduce((total, stats) => total + numberStatOf(stats, key), 0);
}

/** @returns the candidate pair that media use at the moment. */
export function selectedCandidatePair(all: readonly StatsEntry[]): StatsEntry | undefined {
  const transport = all.find((s) => s['type'] === 'transport' && typeof s['selectedCandidatePairId'] === 'string');
  if (transport) return all.find((s) => s['id'] === transport['selectedCandidatePairId']);
  return all.find((s) => s['type'] === 'candidate-pair' && s['nominated'] === true && s['state'] === 'succeeded');
}
