import { defineConfig } from '@playwright/test';
import base from '../playwright.config';

/**
 * Calls over networks that are made for the test, between two engines and of many, after the other tests:
 * `npx playwright test -c apps/e2e/net/playwright.config.ts`.
 */
export default defineConfig({
  ...base,
  testDir: '.',
  projects: undefined,
  // They measure how long sound is away: nothing runs beside them.
  workers: 1,
  outputDir: '../../../test-results/net',
  // A trace of every step takes as much of the machine as a call does.
  use: { ...base.use, trace: 'off' },
});
