import { defineConfig } from '@playwright/test';
import net from '../net/playwright.config';

// Read when specs are loaded (support/goals.ts); the workers inherit the environment.
process.env.WEBCALL_LAB = '1';

/** The tests that have goals to keep, which here are held as they are: `npm run lab`. */
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
