import { defineConfig } from '@playwright/test';
import main from '../playwright.config';

/** Takes the pictures in docs/screenshots: `npm run screenshots`. */
export default defineConfig({
  ...main,
  testDir: '.',
  projects: undefined,
  testMatch: '*.draw.ts',
  globalSetup: '../server.setup.ts',
});
