import type { Rate } from './limit-storage';
import { type Limit, type LimitName, LIMITS_BY_NAME } from './limits';

/** How much each limit lets through. */
export type Rates = Readonly<Record<LimitName, Rate>>;

const LIMITS = Object.entries(LIMITS_BY_NAME) as [LimitName, Limit][];

/** Names of the limits that each process counts for itself. */
export const ALONE: ReadonlySet<string> = new Set(LIMITS.filter(([, { alone }]) => alone).map(([name]) => name));

/** @returns what the limits come to when they are multiplied by `THROTTLE_SCALE`: never to nothing */
export function ratesAt(scale: number): Rates {
  const rates = LIMITS.map(([name, { limit, seconds }]) => [
    name,
    { limit: Math.max(1, Math.round(limit * scale)), ttl: seconds * 1000 },
  ]);
  return Object.fromEntries(rates) as Rates;
}
