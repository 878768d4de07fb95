/** How long recovery takes: runs the fault tests, which write the times. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root, toolEnv } from '../bootstrap.mjs';
import { Plain } from '../say.mjs';
import { redis as findRedis } from '../testing/system.mjs';

/** @returns the faults, and after how many ms everything worked again */
export function recoveryTimes(postgres, folder) {
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
        // Nothing else runs, so the goals apply without extra time (apps/api/test/support/faults/goals.ts).
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
