/**
 * `npm run lab`: runs the tests in `apps/e2e/lab`, which take minutes and need a machine of their own. Prints tables,
 * checks the goals, and writes the tables into docs/benchmarks.md when all goals are kept. After them, or alone by
 * `npm run lab -- races`, it runs more races of devices in encrypted rooms than `npm test` has time for.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { machine, writeLab } from './bench/report/page.mjs';
import { build, onStop, root, toolEnv } from './bootstrap.mjs';
import { main, Plain, say } from './say.mjs';
import { races } from './testing/races.mjs';
import { browser, missingForNetworks } from './testing/system.mjs';

function page(tables, before) {
  return `## Calls over networks

Made by \`npm run lab\` ${before}. Browsers, networks, relay, server and PostgreSQL share the machine.

${tables.trim()}

Sound is back when each of the two hears real samples again, counted from the moment that the network is there again. The tests that print these tables hold them to these goals, in \`npm test\` to three times as much: \`apps/e2e/lab\`.`;
}

await main(async () => {
  const some = process.argv.slice(2);
  if (some[0] === 'races') return races();
  build();
  const chromium = await browser();
  const missing = [...(chromium ? [] : ['chromium']), ...missingForNetworks()];
  if (missing.length > 0) throw new Plain(`The lab needs ${missing.join(', ')}.`);
  const before = machine();
  const folder = mkdtempSync(path.join(tmpdir(), 'webcall-lab-'));
  const [tables, counts] = [path.join(folder, 'tables'), path.join(folder, 'counts')];
  const args = ['node_modules/@playwright/test/cli.js', 'test', '-c', 'apps/e2e/lab/playwright.config.ts', ...some];
  try {
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...toolEnv(), WEBCALL_BROWSER: chromium, LAB_TABLES: tables, E2E_COUNTS_FILE: counts },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    onStop(() => child.kill('SIGINT'));
    const code = await new Promise((done, fail) => child.once('error', fail).once('close', done));
    const whole = code === 0 && some.length === 0 && JSON.parse(readFileSync(counts, 'utf8')).skipped === 0;
    if (whole) writeLab(page(readFileSync(tables, 'utf8'), before));
    else say('docs/benchmarks.md stays as it is: it is written when everything ran and every goal was kept.');
    return code === 0 && some.length === 0 ? races() : (code ?? 1);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
