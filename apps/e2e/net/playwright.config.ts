import { defineConfig } from '@playwright/test';
import base from '../playwright.config';

/** Calls over networks that are made for the test: `npx playwright test -c apps/e2e/net/playwright.config.ts`. */
export default defineConfig({
  ...base,
  testDir: '.',
  outputDir: '../../../test-results/net',
});
