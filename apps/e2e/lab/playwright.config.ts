import { defineConfig } from '@playwright/test';
import net from '../net/playwright.config';

// support/goals.ts reads this when specs are loaded; the workers inherit the environment.
process.env.WEBCALL_LAB = '1';

/** Runs the tests with performance goals, without any leniency: `npm run lab`. */
export default defineConfig({
  ...net,
  testDir: '..',
  testMatch: [
    '**/net/{recovery,relay,four-cameras,full-mesh}.spec.ts',
    '**/rtc/{mesh,quality}.spec.ts',
    '**/e2e/{call,survive}.spec.ts',
  ],
  outputDir: '../../../test-results/lab',
});
