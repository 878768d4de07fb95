import { defineConfig } from '@playwright/test';
import base from '../playwright.config';

/**
 * Calls over simulated networks, between two browser engines and with many participants, after the other tests:
 * `npx playwright test -c apps/e2e/net/playwright.config.ts`.
 */
export default defineConfig({
  ...base,
  testDir: '.',
  projects: undefined,
  // They measure how long sound is missing, so nothing else may run at the same time.
  workers: 1,
  outputDir: '../../../test-results/net',
  // A trace of every step costs as much processing time as a call.
  use: { ...base.use, trace: 'off' },
});
