import { expect, test } from '@playwright/test';
import { setTimeout as pause } from 'node:timers/promises';
import { atMost, inLab } from '../support/goals';
import { Couple } from './support/couple';
import { p95, printSeries, type Series } from './support/figures';
import { type Host, whyNoLab } from './support/lab';
import { Net } from './support/net';

/** A network fault on one of the two sides; `make` resolves when the network works again. */
interface Fault {
  what: string;
  /** Repetitions in the lab, divided between two simultaneous calls; elsewhere it runs once. */
  times: number;
  /** Longest time without sound after the network works again, in ms. */
  goal: number;
  /** Delay between the faults of the two calls, in ms: at the same time they would overload the machine. */
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

/** Waits until the given time after the previous fault. */
async function waitForTurn(apart: number): Promise<void> {
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
          await waitForTurn(apart);
          values.push(await couple.endure(() => make(couple.host), bound));
        }
        await couple.endChat();
      }),
    );
    expect(p95(values)).toBeLessThanOrEqual(bound);
  });
}
