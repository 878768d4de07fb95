import type * as Limits from '../../../src/platform/throttling/limits';

/** @returns limits that are counted for an hour, so that no result depends on when a window of some seconds ends */
export function forAnHour(limits: typeof Limits, which: RegExp): typeof Limits {
  const counted = Object.entries(limits.LIMITS_BY_NAME).map(([name, limit]) => [
    name,
    which.test(name) ? { ...limit, seconds: 3600 } : limit,
  ]);
  return { ...limits, LIMITS_BY_NAME: Object.fromEntries(counted) as typeof Limits.LIMITS_BY_NAME };
}
