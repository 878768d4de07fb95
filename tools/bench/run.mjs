/** `npm run bench`: measures everything, prints the ratios and writes docs/benchmarks.md. */
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { build, root, toolEnv } from '../bootstrap.mjs';
import { freePort, startPostgres } from '../pg.mjs';
import { main, Plain, say } from '../say.mjs';
import { redis as findRedis } from '../system.mjs';
import { measureChat } from './chat.mjs';
import { measureFirstFrame } from './frame.mjs';
import { measureLogins } from './logins.mjs';
import { measureMemory } from './memory.mjs';
import { machine, table, writeBench } from './page.mjs';
import { measureSignals } from './signals.mjs';

/** More take longer and tell more. */
const rounds = Number(process.env.BENCH_ROUNDS ?? 3);

const folder = mkdtempSync(path.join(tmpdir(), 'webcall-bench-'));
chmodSync(folder, 0o711);

async function startRedis() {
  const server = findRedis();
  if (!server) throw new Plain('The benchmarks need redis-server.');
  const port = await freePort();
  const child = spawn(server, ['--port', String(port), '--bind', '127.0.0.1', '--save', ''], { stdio: 'ignore' });
  await pause(500);
  return { url: `redis://127.0.0.1:${port}`, stop: () => child.kill() };
}

/** What the fault tests print, made by running them. */
function recoveryTimes(postgres) {
  const file = path.join(folder, 'recovery');
  const jest = ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js', '--selectProjects', 'integration'];
  const { status } = spawnSync(
    process.execPath,
    [...jest, '-i', '--testPathPatterns', 'faults-(redis|postgres|replica|flood)'],
    {
      cwd: root,
      env: {
        ...toolEnv(),
        TEST_DATABASE_URL: postgres,
        REDIS_SERVER: findRedis(),
        RECOVERY_TIMES: file,
        // Nothing else runs: the goals are held as they are (apps/api/test/support/goals.ts).
        WEBCALL_LAB: '1',
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  if (status !== 0) throw new Plain('Some fault tests failed: run them for the reason.');
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const n = (value, digits = 0) => value.toFixed(digits);
const ratio = (ours, bare) => `${(ours / bare).toFixed(2)} ×`;
const kB = (bytes) => `${n(bytes / 1024, 1)} kB`;

function rows({ signals, chat, memory, logins, frame }) {
  const list = [];
  if (signals) {
    const { bare } = signals;
    for (const [how, ours] of [
      ['', signals.memory],
      [', with Redis', signals.redis],
    ]) {
      list.push([
        `Processor time of one relayed signal${how}`,
        `${n(ours.microseconds)} µs`,
        `${n(bare.microseconds)} µs`,
        ratio(ours.microseconds, bare.microseconds),
        'at most 2 ×',
      ]);
      list.push([
        `Signals relayed a second${how}`,
        n(ours.perSecond),
        n(bare.perSecond),
        ratio(ours.perSecond, bare.perSecond),
        '',
      ]);
    }
  }
  if (memory) {
    for (const [how, bytes] of [
      ['', memory.memory],
      [', with Redis', memory.redis],
    ])
      list.push([
        `Memory of an idle connection${how}`,
        kB(bytes),
        kB(memory.bare),
        ratio(bytes, memory.bare),
        'at most 2 ×',
      ]);
  }
  if (chat) {
    for (const [how, { ours, sql }] of [
      ['', chat.memory],
      [', with Redis', chat.redis],
    ])
      list.push([`Messages stored and told a second${how}`, n(ours), n(sql), ratio(ours, sql), 'at least 0.5 ×']);
  }
  if (logins) {
    const { busy, quiet } = logins;
    for (const [what, figure, digits, goal] of [
      ['Slowest sign-in while four addresses guess passwords', 'slowest', 0, 'at most 2,000 ms'],
      ['Health request meanwhile', 'health', 1, ''],
    ])
      list.push([
        what,
        `${n(busy[figure], digits)} ms`,
        `${n(quiet[figure], digits)} ms`,
        ratio(busy[figure], quiet[figure]),
        goal,
      ]);
  }
  if (frame) {
    const { ours, bare } = frame;
    list.push([
      'From “Join call” to the first decoded frame',
      `${n(ours)} ms`,
      `${n(bare)} ms`,
      ratio(ours, bare),
      'at most 1.3 ×',
    ]);
  }
  return list;
}

function page(results, recovery, before) {
  return `# Benchmarks

Made by \`npm run bench\` ${before}. The medians of ${rounds} rounds (first frame: ${3 * rounds}). Clients, servers, PostgreSQL and Redis share the machine.

${table(['what', 'WebCall', 'bare', 'ratio', 'goal'], rows(results))}

- **Signals**: 20 pairs in calls; each signal is acknowledged by its receiver. Processor time is the server process's at 600 signals a second, sent to all servers at the same time; throughput is with 80 on their way, a thousand to each server in turn. Bare is a Socket.IO relay of thirty lines: no users, no checks, no limits (\`tools/bench/relay.mjs\`).
- **Memory**: growth of what is in use (the heap, and the buffers beside it) by 1,000 connections of users in three rooms each, from 1,000 to 2,000, each time after a collection of garbage.
- **Messages**: 60 messages on their way at once in 30 rooms of three people, over 20 connections to a PostgreSQL that writes to disk at each commit. Bare is the same statement on the same database by SQL alone, which checks nothing and tells nobody. It sends the statement as text each time, as clients do unless told otherwise, while WebCall has it prepared; prepared, bare makes ${n(results.chat.memory.prepared)} a second.
- **Sign-ins**: four addresses send wrong passwords, twenty at a time each, with the usual limits and cost (12), while somebody elsewhere signs in eight times. Bare is the same sign-in with nobody else there.
- **First frame**: in turn, two browser profiles, the first with a (fake) camera of 720 lines, the second comes with a microphone. Bare is a page that asks for the devices, offers and answers, and shows both pictures (\`tools/bench/bare-page.html\`): no users, no rooms, no list of who is there.

## Recovery

${table(
  ['after', 'all is well again within'],
  recovery.map(({ what, ms }) => [what, `${ms} ms`]),
)}

Counted from the moment that Redis or PostgreSQL takes connections again, or that the replica is killed, until each kind of command has been accepted. A signal to another replica that is sent before that one listens again is not acknowledged for 4 s, after which it is sent once more; so some runs have a row of about that. The tests that print these times hold them to 5 s here, and to three times as much in \`npm test\`: \`apps/api/test/faults-*.spec.ts\`.
`;
}

await main(async () => {
  build();
  const before = machine();
  const only = process.argv.slice(2);
  const wanted = (name) => only.length === 0 || only.includes(name);
  const postgres = await startPostgres({ folder: path.join(folder, 'pg'), password: 'of-the-bench' });
  const redis = await startRedis();
  const stores = { postgres: postgres.url, redis: redis.url };
  try {
    const results = {};
    const measures = {
      signals: measureSignals,
      memory: measureMemory,
      chat: measureChat,
      logins: measureLogins,
      frame: measureFirstFrame,
    };
    for (const [name, measure] of Object.entries(measures)) {
      if (!wanted(name)) continue;
      say(`Measuring ${name} …`);
      results[name] = await measure({ ...stores, rounds: name === 'frame' ? 3 * rounds : rounds });
      for (const cells of rows({ [name]: results[name] })) say(`  ${cells.join('   ')}`);
    }
    const recovery = wanted('recovery') ? recoveryTimes(postgres.url) : [];
    for (const { what, ms } of recovery) say(`  ${what}: ${ms} ms`);
    if (only.length === 0) writeBench(page(results, recovery, before));
  } finally {
    redis.stop();
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
