import type { LimitRate } from './limit-storage';
import { type LimitDefinition, type LimitName, LIMITS_BY_NAME } from './limits';

/** The rate of each limit. */
export type LimitRates = Readonly<Record<LimitName, LimitRate>>;

const LIMIT_ENTRIES = Object.entries(LIMITS_BY_NAME) as [LimitName, LimitDefinition][];

/** Names of the limits that each process counts for itself. */
export const PROCESS_LOCAL_LIMITS: ReadonlySet<string> = new Set(
  LIMIT_ENTRIES.filter(([, { alone }]) => alone).map(([name]) => name),
);

/** @returns the rates of all limits, multiplied by `THROTTLE_SCALE` but never below one use */
export function scaleLimitRates(scale: number): LimitRates {
  const rates = LIMIT_ENTRIES.map(([name, { limit, seconds }]) => [
    name,
    { limit: Math.max(1, Math.round(limit * scale)), ttl: seconds * 1000 },
  ]);
  return Object.fromEntries(rates) as LimitRates;
}
