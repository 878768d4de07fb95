/**
 * `npm run bench`: measures everything, prints the ratios and writes docs/benchmarks.md. Fails without writing when the
 * machine does something else as well; also fails when a goal is missed, which the page then shows. BENCH_TRY=1 only
 * tries whether the benchmarks work.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { build } from '../bootstrap.mjs';
import { startPostgres } from '../launch/pg.mjs';
import { main, say } from '../say.mjs';
import { measureChat } from './chat.mjs';
import { cells, kept, trying } from './figures.mjs';
import { measureFirstFrame } from './frame.mjs';
import { measureHandshakes } from './handshakes.mjs';
import { measureLargeRooms } from './large-rooms.mjs';
import { measureMessageList } from './list.mjs';
import { measureLogins } from './logins.mjs';
import { measureLongLists } from './long-lists.mjs';
import { measureMemory } from './memory.mjs';
import { machine, writeBench } from './report/page.mjs';
import { mostByOthers, percent, quietRound, quietStart } from './quiet.mjs';
import { recoveryTimes } from './recovery.mjs';
import { startRedis } from './redis.mjs';
import { benchPage } from './report/report.mjs';
import { measureSignals } from './signals.mjs';
import { measureWeight, weightCells } from './weight.mjs';

/** More rounds take longer and give more exact figures. */
const rounds = trying ? 1 : Number(process.env.BENCH_ROUNDS ?? 5);

const measures = {
  signals: measureSignals,
  memory: measureMemory,
  handshakes: measureHandshakes,
  chat: measureChat,
  rooms: measureLargeRooms,
  lists: measureLongLists,
  logins: measureLogins,
  frame: measureFirstFrame,
  scrolling: measureMessageList,
};

const only = process.argv.slice(2);
const wanted = (name) => only.length === 0 || only.includes(name);

async function measureAll(folder, stops) {
  const postgres = await startPostgres({ folder: path.join(folder, 'pg'), password: 'of-the-bench' });
  stops.unshift(postgres.stop);
  const redis = await startRedis();
  stops.unshift(redis.stop);
  const stores = { postgres: postgres.url, redis: redis.url };
  const figures = [];
  for (const [name, measure] of Object.entries(measures)) {
    if (!wanted(name)) continue;
    say(`Measuring ${name}, load average ${loadavg()[0].toFixed(1)} …`);
    const some = await measure({ ...stores, rounds: name === 'frame' ? 3 * rounds : rounds });
    for (const figure of some) say(`  ${cells(figure).join('   ')}`);
    figures.push(...some);
  }
  const recovery = wanted('recovery') ? recoveryTimes(postgres.url, folder) : [];
  for (const { what, ms } of recovery) say(`  ${what}: ${ms} ms`);
  return { figures, recovery };
}

/** Runs last: it needs no database, and the machine has much to write to its disk afterwards. */
async function weighAll() {
  if (!wanted('weight')) return [];
  say('Measuring weight …');
  await quietRound();
  const weights = await measureWeight();
  for (const weight of weights) say(`  ${weightCells(weight).join('   ')}`);
  return weights;
}

await main(async () => {
  await quietStart();
  const before = machine();
  build();
  const folder = mkdtempSync(path.join(tmpdir(), 'webcall-bench-'));
  chmodSync(folder, 0o711);
  const stops = [];
  let results;
  try {
    results = await measureAll(folder, stops);
  } finally {
    for (const stop of stops) await stop();
    rmSync(folder, { recursive: true, force: true });
  }
  const weights = await weighAll();
  if (trying) {
    say('This was a try: its figures mean nothing, and nothing was written.');
    return 0;
  }
  const quiet = `others used at most ${percent(mostByOthers())} of its processors before a round`;
  if (only.length === 0) writeBench(benchPage({ ...results, weights, rounds, before: `${before}; ${quiet}` }));
  const missed = results.figures.some((figure) => !kept(figure)) || weights.some(({ value, most }) => value > most);
  if (missed) say('A goal was missed: see above.');
  return missed ? 1 : 0;
});
