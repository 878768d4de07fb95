/**
 * How long a health request takes while 50 logins are hashed at once, against idle: `node tools/bench/logins.mjs`.
 * Uses the server of WEBCALL_URL and WEBCALL_CODE, else the built api with its usual bcrypt cost.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { startServer } from '../e2e-server.mjs';
import { main, say } from '../say.mjs';

const LOGINS = 50;
const IDLE_SAMPLES = 200;
const BETWEEN_SAMPLES = 10;

const post = (url, body) =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

/** Asks for the health again and again until `isOver`; returns the times in ms, ascending. */
async function sample(url, isOver) {
  const times = [];
  while (!isOver(times.length)) {
    const start = performance.now();
    await (await fetch(`${url}/healthz`)).text();
    times.push(performance.now() - start);
    await wait(BETWEEN_SAMPLES);
  }
  return times.sort((a, b) => a - b);
}

const at = (times, share) => times[Math.min(times.length - 1, Math.floor(times.length * share))];
const ms = (value) => `${value.toFixed(1).padStart(7)} ms`;

function row(label, share, idle, busy) {
  const [a, b] = [at(idle, share), at(busy, share)];
  say(
    `${label.padEnd(8)} ${ms(a)} ${ms(b)}   +${ms(b - a)
      .trim()
      .padEnd(9)} ×${(b / a).toFixed(1)}`,
  );
}

async function measure({ url, code }) {
  const name = `bench-${randomUUID().slice(0, 8)}`;
  const account = { email: `${name}@example.org`, password: 'correct horse battery' };
  const made = await post(`${url}/api/v1/auth/register`, { ...account, username: name, registrationCode: code });
  if (made.status !== 201) throw new Error(`signing up was answered with ${made.status}`);

  await sample(url, (n) => n >= 50);
  const idle = await sample(url, (n) => n >= IDLE_SAMPLES);

  let over = false;
  const start = performance.now();
  const logins = Promise.all(Array.from({ length: LOGINS }, () => post(`${url}/api/v1/auth/login`, account)));
  const busy = await Promise.all([sample(url, () => over), logins.finally(() => (over = true))]);
  const took = (performance.now() - start) / 1000;
  const failed = busy[1].filter(({ status }) => status !== 200).length;

  say(
    `${LOGINS} logins at once: ${took.toFixed(1)} s, ${failed} refused; health was asked ${busy[0].length} times meanwhile`,
  );
  say('           idle      hashing');
  row('median', 0.5, idle, busy[0]);
  row('p95', 0.95, idle, busy[0]);
  row('slowest', 1, idle, busy[0]);
}

await main(async () => {
  const { WEBCALL_URL: url, WEBCALL_CODE: code } = process.env;
  if (url && code) return void (await measure({ url, code }));
  const server = await startServer({ BCRYPT_COST: '12' });
  try {
    await measure(server);
  } finally {
    await server.stop();
  }
});
