/**
 * How long a sign-in and a health request take while four addresses guess passwords at their limit, compared with the
 * same server without guessers. Runs alone with `node tools/bench/logins.mjs`, on the server of WEBCALL_URL and
 * WEBCALL_CODE (which has to trust this machine's X-Forwarded-For), or else on the built api.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { startServer } from '../testing/e2e-server.mjs';
import { main, say } from '../say.mjs';
import { median } from './figures.mjs';
import { quietRound } from './quiet.mjs';
import { startApi } from './servers.mjs';

const GUESSERS = 4;
/** How many guesses each address keeps under way, more than its queue holds, and the delay if that is full, in ms. */
const AT_ONCE = 20;
const RETRY = 1000;
const SIGN_INS = 8;
const BETWEEN_HEALTH_REQUESTS = 10;

/** The default limits and the default cost of a password. */
const USUAL = { THROTTLE_SCALE: '1', BCRYPT_COST: '12', TRUSTED_PROXIES: 'loopback' };

let addresses = 0;
const newAddress = () => `198.18.${++addresses >> 8}.${addresses & 255}`;

async function post(url, body, from, signal) {
  const headers = { 'content-type': 'application/json', 'x-forwarded-for': from };
  const response = await fetch(`${url}/api/v1/auth/${body.username ? 'register' : 'login'}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
    signal,
  });
  await response.text();
  return response.status;
}

async function timed(work) {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Requests the health repeatedly until the signal aborts. */
async function watchHealth(url, signal) {
  const times = [];
  while (!signal.aborted) {
    times.push(await timed(async () => (await fetch(`${url}/healthz`)).text()));
    await pause(BETWEEN_HEALTH_REQUESTS);
  }
  return times;
}

/** Guesses from one address with always new e-mails, until its limit is reached or the signal aborts. */
async function guess(url, signal, tally) {
  const from = newAddress();
  let refused = false;
  const one = async () => {
    while (!refused && !signal.aborted) {
      const body = { email: `${randomUUID()}@example.org`, password: 'wrong horse battery' };
      const status = await post(url, body, from, signal).catch((error) => {
        if (!signal.aborted) throw error;
        return 'given up';
      });
      tally[status] = (tally[status] ?? 0) + 1;
      refused = status === 429;
      if (status === 503) await pause(RETRY, undefined, { signal }).catch(() => undefined);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
}

/** Signs in a few times, one after another, while the health is requested. A refused sign-in is repeated. */
async function signIns(url, account) {
  const [from, over] = [newAddress(), new AbortController()];
  const health = watchHealth(url, over.signal);
  const times = [];
  try {
    for (let i = 0; i < SIGN_INS; i++) {
      times.push(
        await timed(async () => {
          for (let status; status !== 200;) {
            status = await post(url, account, from);
            if (status !== 200 && status !== 503) throw new Error(`an honest sign-in was answered with ${status}`);
          }
        }),
      );
    }
  } finally {
    over.abort();
  }
  return { slowest: Math.max(...times), median: median(times), health: median(await health) };
}

async function round({ url, code }) {
  const name = `bench-${randomUUID().slice(0, 8)}`;
  const account = { email: `${name}@example.org`, password: 'correct horse battery' };
  const made = await post(url, { ...account, username: name, registrationCode: code }, newAddress());
  if (made !== 201) throw new Error(`signing up was answered with ${made}`);
  // The first sign-ins of a server are slower in any case.
  await signIns(url, account);
  const quiet = await signIns(url, account);
  const [over, tally] = [new AbortController(), {}];
  const guessers = Array.from({ length: GUESSERS }, () => guess(url, over.signal, tally));
  try {
    return { quiet, busy: await signIns(url, account), tally };
  } finally {
    over.abort();
    await Promise.all(guessers);
  }
}

/** Each round has a server of its own. The slowest sign-in is that of all rounds, because its goal applies to each. */
export async function measureLogins({ postgres, rounds }) {
  const all = [];
  for (let i = 0; i < rounds; i++) {
    await quietRound();
    const server = await startApi({ postgres, env: USUAL });
    try {
      all.push(await round(server));
    } finally {
      await server.stop();
    }
  }
  const compare = (name) => all.map(({ busy, quiet }) => ({ ours: busy[name], bare: quiet[name] }));
  return [
    {
      what: 'Slowest sign-in while four addresses guess passwords, beside nobody there',
      unit: 'ms',
      rounds: compare('slowest'),
      of: (values) => Math.max(...values),
      goal: { most: 2000, unit: 'ms' },
    },
    { what: 'Health request meanwhile, beside nobody there', unit: 'ms', digits: 1, rounds: compare('health') },
  ];
}

const ms = (value) => `${value.toFixed(1)} ms`;

function printRound({ quiet, busy, tally }) {
  const line = (what, figure) => say(`${what}: ${ms(busy[figure])}, ${ms(quiet[figure])} with nobody else there`);
  say(`Guesses by status: ${JSON.stringify(tally)}`);
  line('Sign-in, slowest', 'slowest');
  line('Sign-in, median', 'median');
  line('Health request, median', 'health');
}

if (import.meta.main) {
  await main(async () => {
    const { WEBCALL_URL: url, WEBCALL_CODE: code } = process.env;
    if (url && code) return printRound(await round({ url, code }));
    const server = await startServer(USUAL);
    try {
      printRound(await round(server));
    } finally {
      await server.stop();
    }
  });
}
