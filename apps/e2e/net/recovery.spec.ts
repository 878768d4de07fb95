import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { atMost, inLab } from '../support/goals';
import { Couple } from './support/couple';
import { p95, printSeries, type Series } from './support/figures';
import { type Host, whyNoLab } from './support/lab';
import { Net } from './support/net';

/** What happens to the network of one of the two; resolves when the network is there again. */
interface Fault {
  what: string;
  /** How often in the lab, half of it in each of two calls at the same time; elsewhere once. */
  times: number;
  /** So long after the network is there again sound may be missing. */
  goal: number;
  /** So long after one of the two calls the other one has it: together they would need more of one machine than two. */
  apart: number;
  make: (host: Host) => Promise<void> | void;
}

const FAULTS: readonly Fault[] = [
  {
    what: 'another network after 1 s without one, which the browser notices',
    times: 20,
    goal: 3000,
    apart: 4000,
    make: async (host) => {
      host.loseNetwork();
      await pause(1000);
      host.findNetwork();
    },
  },
  {
    what: 'another address of the NAT, which nobody notices',
    times: 20,
    goal: 9000,
    apart: 5000,
    make: (host) => host.moveNat(),
  },
  {
    what: 'a cut of 12 s',
    times: 20,
    goal: 1000,
    apart: 8000,
    make: async (host) => {
      host.cut();
      await pause(12_000);
      host.heal();
    },
  },
  {
    what: 'offline for 10 s',
    times: 4,
    goal: 3000,
    apart: 8000,
    make: async (host) => {
      host.loseNetwork();
      await pause(10_000);
      host.findNetwork();
    },
  },
  {
    what: 'another interface in another network',
    times: 4,
    goal: 3000,
    apart: 4000,
    make: (host) => host.changeInterface(),
  },
  {
    what: 'another address on the same interface',
    times: 4,
    goal: 9000,
    apart: 5000,
    make: (host) => host.changeAddress(),
  },
];

let nextFault = 0;

/** Waits for a moment that is that long after the last one that was given out. */
async function turn(apart: number): Promise<void> {
  const now = Date.now();
  const begin = Math.max(nextFault, now);
  nextFault = begin + apart;
  await pause(begin - now);
}

const why = whyNoLab();
let net: Net;
let couples: Couple[] = [];
const measured: Series[] = [];

test.skip(why !== undefined, why);
test.beforeAll(async () => {
  test.setTimeout(120_000);
  net = await Net.open();
  couples = [await Couple.meet(net)];
  if (inLab) couples.push(await Couple.meet(net));
});
test.afterAll(async () => {
  printSeries('Sound is back after', measured);
  await net?.close();
});

for (const { what, times, goal, apart, make } of FAULTS) {
  const bound = atMost(goal);
  test(`${what}: sound is back within ${bound / 1000} s, and no message is lost, doubled or out of order`, async () => {
    test.setTimeout(360_000);
    const values: number[] = [];
    measured.push({ what, values, goal });
    await Promise.all(
      couples.map(async (couple) => {
        couple.startChat();
        for (let i = 0; i < (inLab ? times / couples.length : 1); i += 1) {
          await turn(apart);
          values.push(await couple.endure(() => make(couple.host), bound));
        }
        await couple.endChat();
      }),
    );
    expect(p95(values)).toBeLessThanOrEqual(bound);
  });
}
