/** One entry of `getStats()`. */
export type Stats = Readonly<Record<string, unknown>>;

/** The entries of a report. */
export function statsOf(report: RTCStatsReport): readonly Stats[] {
  return [...report.values()] as Stats[];
}

/** A number of an entry; 0 where there is none. */
export function number(stats: Stats | undefined, key: string): number {
  const value = stats?.[key];
  return typeof value === 'number' ? value : 0;
}

/** A number of all entries together. */
export function sum(list: readonly Stats[], key: string): number {
  return list.reduce((total, stats) => total + number(stats, key), 0);
}

/** The path that media take at the moment. */
export function selectedPair(all: readonly Stats[]): Stats | undefined {
  const transport = all.find((s) => s['type'] === 'transport' && typeof s['selectedCandidatePairId'] === 'string');
  if (transport) return all.find((s) => s['id'] === transport['selectedCandidatePairId']);
  return all.find((s) => s['type'] === 'candidate-pair' && s['nominated'] === true && s['state'] === 'succeeded');
}
