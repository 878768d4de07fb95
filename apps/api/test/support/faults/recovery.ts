import { appendFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { CommandName } from '@webcall/contracts';

/** How often something is tried again, in ms. */
const PACE = 50;
/** What is not well again by then never will be, in ms. */
const PATIENCE = 45_000;

/** Tells how long something took to be well again; `RECOVERY_TIMES` names a file that collects what is told. */
export function printRecovery(what: string, ms: number): void {
  process.stdout.write(`recovery: ${what}: ${Math.round(ms)} ms\n`);
  const file = process.env['RECOVERY_TIMES'];
  if (file) appendFileSync(file, `${JSON.stringify({ what, ms: Math.round(ms) })}\n`);
}

/** Tries again until it succeeds. Rejects with the last failure when that takes too long. */
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

/** @returns how long each command took to be accepted, counted from now */
export async function accepted(
  tries: Partial<Record<CommandName, () => Promise<unknown>>>,
): Promise<Record<string, number>> {
  const start = performance.now();
  const times = Object.entries(tries).map(async ([command, work]) => {
    await eventually(work);
    return [command, performance.now() - start] as const;
  });
  return Object.fromEntries(await Promise.all(times));
}
