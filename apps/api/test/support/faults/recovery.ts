import type { SocketCommandName } from '@webcall/contracts';
import { appendFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Interval between attempts, in ms. */
const PACE = 50;
/** Time after which a recovery counts as failed, in ms. */
const PATIENCE = 45_000;

/** Prints a recovery time, and appends it to the file that `RECOVERY_TIMES` names. */
export function printRecovery(what: string, ms: number): void {
  process.stdout.write(`recovery: ${what}: ${Math.round(ms)} ms\n`);
  const file = process.env['RECOVERY_TIMES'];
  if (file) appendFileSync(file, `${JSON.stringify({ what, ms: Math.round(ms) })}\n`);
}

/** Retries until it succeeds. Rejects with the last failure when that takes too long. */
export async function eventually<T>(work: () => Promise<T>): Promise<T> {
  const end = performance.now() + PATIENCE;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (performance.now() > end) throw error;
      await delay(PACE);
    }
  }
}

/** @returns how long each command took to be accepted, from now */
export async function accepted(
  tries: Partial<Record<SocketCommandName, () => Promise<unknown>>>,
): Promise<Record<string, number>> {
  const start = performance.now();
  const times = Object.entries(tries).map(async ([command, work]) => {
    await eventually(work);
    return [command, performance.now() - start] as const;
  });
  return Object.fromEntries(await Promise.all(times));
}
