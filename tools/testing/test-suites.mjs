import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { constants, setPriority, tmpdir } from 'node:os';
import path from 'node:path';
import { onStop, root, toolEnv } from '../bootstrap.mjs';
import { temporaryPostgres } from './e2e-server.mjs';
import { say } from '../say.mjs';
import { advice, browser, firefox, headlessShell, missingForNetworks, redis } from './system.mjs';

const unit = ['base', 'domain', 'contracts', 'encryption', 'rtc', 'api', 'web'];

/** Integration tests mostly wait for servers: with two at once, two cores are busy for two thirds of the time. */
const integrationWorkers = process.env.INTEGRATION_WORKERS ?? '3';

/** Two tests of pages can run at once; tests of the media in calls run alone (apps/e2e/playwright.config.ts). */
const pagesWorkers = process.env.PAGES_WORKERS ?? '2';

/** How many of the slowest tests the report names. */
const slowest = 10;

/** @returns {Promise<number>} the exit code: 1 when anything failed */
export async function runSuites() {
  const folder = mkdtempSync(path.join(tmpdir(), 'webcall-counts-'));
  const given = process.env.DATABASE_URL;
  const postgres = given ? { url: given, stop: () => Promise.resolve() } : await temporaryPostgres();
  const redisServer = redis();
  const chromium = await browser();
  const second = firefox();
  const forNetworks = missingForNetworks();
  const env = { ...toolEnv(), TEST_DATABASE_URL: postgres.url };
  if (redisServer) env.REDIS_SERVER = redisServer;
  if (chromium) env.WEBCALL_BROWSER = chromium;
  // A browser that was named is the one that is meant.
  const shell = process.env.WEBCALL_BROWSER ? undefined : headlessShell();
  if (shell) env.WEBCALL_HEADLESS_SHELL = shell;
  if (second) env.WEBCALL_FIREFOX = second;
  // The tests choose their own settings; only those shared by all suites are passed on.
  delete env.DATABASE_URL;
  const suite = new Suites(folder, env);
  onStop(() => suite.stop());
  try {
    await suite.jest('Integration tests', ['integration'], { workers: integrationWorkers });
    const pagesAndCalls = 'apps/e2e/playwright.config.ts';
    if (chromium)
      await suite.playwright('End-to-end tests of pages', pagesAndCalls, '--project=pages', '--workers', pagesWorkers);
    const calls = async () => {
      if (!chromium) return;
      await suite.playwright('End-to-end tests of calls', pagesAndCalls, '--project=calls');
      await suite.playwright('Calls over networks and between engines', 'apps/e2e/net/playwright.config.ts');
    };
    // Calls wait for much, such as for a network to come back: the unit tests take no more than what they leave.
    await Promise.all([suite.jest('Unit tests', unit, { workers: '1', besideOthers: true }), calls()]);
  } finally {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  if (suite.stopped) return 1;
  const missing = [
    ...(redisServer ? [] : ['redis-server']),
    ...(chromium ? [] : ['chromium']),
    ...(second ? [] : ['firefox-esr']),
    ...forNetworks,
  ];
  reportTimes(suite.ran);
  return report(suite.total, missing);
}

class Suites {
  total = { passed: 0, failed: 0, skipped: 0 };
  /** The durations of each suite and its tests. */
  ran = [];
  stopped = false;
  children = new Set();

  constructor(folder, env) {
    this.folder = folder;
    this.env = env;
  }

  /** @param {{ workers: string, besideOthers?: boolean }} how `besideOthers`: with the lowest priority, printed at its end */
  jest(title, projects, { workers, besideOthers }) {
    const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
    const args = ['node_modules/jest/bin/jest.js', '--maxWorkers', workers, '--selectProjects', ...projects];
    return this.run(title, [...flags, ...args], 'JEST_COUNTS_FILE', besideOthers);
  }

  playwright(title, config, ...flags) {
    const args = ['node_modules/@playwright/test/cli.js', 'test', '-c', config, ...flags];
    return this.run(title, args, 'E2E_COUNTS_FILE');
  }

  /** Ends the running suites, which clean up after themselves, and starts no more. */
  stop() {
    this.stopped = true;
    for (const child of this.children) child.kill('SIGINT');
  }

  async run(title, args, setting, besideOthers = false) {
    if (this.stopped) return;
    if (!besideOthers) say(`\n${title}`);
    const file = path.join(this.folder, setting + title);
    const begun = performance.now();
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...this.env, [setting]: file },
      stdio: ['ignore', ...(besideOthers ? ['pipe', 'pipe'] : ['inherit', 'inherit'])],
    });
    this.children.add(child);
    if (besideOthers && child.pid) setPriority(child.pid, constants.priority.PRIORITY_LOW);
    const printed = [];
    for (const output of [child.stdout, child.stderr]) output?.on('data', (text) => printed.push(text));
    const code = await new Promise((done, fail) => child.once('error', fail).once('close', done));
    this.children.delete(child);
    if (besideOthers) say(`\n${title}\n${Buffer.concat(printed)}`);
    // A runner that crashed before it wrote its counts counts as one failure.
    const counts = existsSync(file)
      ? JSON.parse(readFileSync(file, 'utf8'))
      : { passed: 0, failed: 1, skipped: 0, tests: [] };
    if (code !== 0 && counts.failed === 0) counts.failed = 1;
    for (const key of Object.keys(this.total)) this.total[key] += counts[key];
    this.ran.push({ title, ms: performance.now() - begun, tests: counts.tests });
  }
}

/** Prints the slowest tests and the duration of each suite. */
function reportTimes(suites) {
  const tests = suites.flatMap(({ title, tests }) => tests.map((test) => ({ ...test, suite: title })));
  say(`\nThe ${slowest} slowest tests:`);
  for (const { suite, name, ms } of tests.sort((a, b) => b.ms - a.ms).slice(0, slowest))
    say(`  ${(ms / 1000).toFixed(1).padStart(6)} s  ${suite}: ${name}`);
  say('\nMinutes by suite:');
  for (const { title, ms } of suites) say(`  ${(ms / 60_000).toFixed(1).padStart(6)}  ${title}`);
}

function report({ passed, failed, skipped }, missing) {
  say('');
  if (missing.includes('chromium')) say('Left out: the end-to-end tests, which need a Chromium or Chrome.');
  if (missing.includes('redis-server')) say('Left out: the tests of several servers, which need redis-server.');
  if (missing.includes('firefox-esr')) say('Left out: calls between Firefox and Chromium, which need firefox-esr.');
  const forNetworks = missing.filter((name) => !['chromium', 'redis-server', 'firefox-esr'].includes(name));
  if (forNetworks.length)
    say(`Left out: calls over networks of their own and full disks, which need ${forNetworks.join(', ')}.`);
  if (advice(missing)) say(`To run them too: ${advice(missing)}`);
  say(`${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`);
  // Continuous integration must not leave anything out.
  return failed || (missing.length && process.env.CI) ? 1 : 0;
}
