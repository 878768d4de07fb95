/** Benchmarks need a machine that does nothing else: each round waits for that, and the run fails without it. */
import { readdirSync, readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { Plain, say } from '../say.mjs';
import { trying } from './figures.mjs';

/** Which share of the processors others may use, and the highest load average per processor. */
const SHARE = 0.1;
const LOAD = 0.5;
/** How long to wait for a quiet machine, and how long each measurement of that takes, in ms. */
const PATIENCE = 60_000;
const LOOK = 1000;

/** The largest share that others used before a round. */
let most = 0;
export const mostByOthers = () => most;

/** Waits until no other process uses the machine. @throws Plain when it stays busy */
export const quietRound = () => quiet(() => 0);

/** The same with the load average, before anything is started: later the load is also our own. */
export const quietStart = () => quiet(() => loadavg()[0]);

async function quiet(load) {
  if (trying) return;
  const bound = LOAD * cpus().length;
  for (let end = Date.now() + PATIENCE, reported = false; ;) {
    const [share, now] = [await shareOfOthers(), load()];
    if (share <= SHARE && now <= bound) {
      most = Math.max(most, share);
      return;
    }
    const state = `others use ${percent(share)} of its processors (at most ${percent(SHARE)}), load average ${loadavg()[0].toFixed(1)} (at most ${bound.toFixed(1)} at the start)`;
    if (Date.now() > end)
      throw new Plain(`The machine is busy: ${state}. Nothing was written: try again when it does nothing else.`);
    if (!reported) say(`The machine is busy: ${state}. Waiting a minute for it …`);
    reported = true;
  }
}

export const percent = (share) => `${(share * 100).toFixed(0)} %`;

/** @returns the share of all processors that processes which we did not start use during the next second */
async function shareOfOthers() {
  const [before, own] = [machineTicks(), ownTicks()];
  await pause(LOOK);
  const [after, ownAfter] = [machineTicks(), ownTicks()];
  return Math.max(0, (after.busy - before.busy - (ownAfter - own)) / (after.all - before.all));
}

/** Time that a hypervisor gives to other machines counts as busy too. */
function machineTicks() {
  const [, ...fields] = readFileSync('/proc/stat', 'utf8').split('\n')[0].trim().split(/\s+/);
  // The other fields are times of guests, which the first ones include already.
  const [user, nice, system, idle, waiting, ...interrupts] = fields.slice(0, 8).map(Number);
  const busy = [user, nice, system, ...interrupts].reduce((sum, each) => sum + each);
  return { busy, all: busy + idle + waiting };
}

/** Ticks of this process and all its descendants; ended processes count through their parents. */
function ownTicks() {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap(processOf);
  const own = new Set([process.pid]);
  for (let before = 0; before < own.size;) {
    before = own.size;
    for (const { pid, parent } of all) if (own.has(parent)) own.add(pid);
  }
  return all.reduce((sum, { pid, ticks }) => sum + (own.has(pid) ? ticks : 0), 0);
}

function processOf(pid) {
  try {
    // The name of the program, in parentheses, may contain spaces.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    const ticks = fields.slice(11, 15).reduce((sum, each) => sum + Number(each), 0);
    return [{ pid: Number(pid), parent: Number(fields[1]), ticks }];
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes(error.code)) return [];
    throw error;
  }
}
