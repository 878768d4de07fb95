import { defineConfig } from '@playwright/test';
import { existsSync } from 'node:fs';
import base from '../playwright.config';

const system = ['/usr/bin/chromium', '/usr/bin/google-chrome'].find((file) => existsSync(file));

/** The call engine alone, without the server: `npx playwright test --config apps/e2e/rtc/playwright.config.ts`. */
export default defineConfig({
  ...base,
  testDir: '.',
  projects: undefined,
  outputDir: '../../../test-results',
  globalSetup: undefined,
  reporter: 'list',
  use: {
    ...base.use,
    launchOptions: { ...base.use?.launchOptions, executablePath: process.env.WEBCALL_BROWSER || system },
  },
});
