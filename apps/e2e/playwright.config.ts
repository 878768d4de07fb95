import { fileURLToPath } from 'node:url';
import { defineConfig } from '@playwright/test';
import { browser } from '../../tools/testing/system.mjs';

// Looked for once: the workers inherit the environment.
process.env.WEBCALL_BROWSER ||= (await browser()) ?? '';

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

/** What listens to how calls sound and look, which takes the machine for itself. */
const calls = ['**/e2e/{call,media,survive}.spec.ts', '**/e2e/rtc/*.spec.ts'];

/** One browser with fake devices, and a server of its own for every run. */
export default defineConfig({
  testDir: '.',
  projects: [
    { name: 'pages', testMatch: '**/e2e/*.spec.ts', testIgnore: calls },
    { name: 'calls', testMatch: calls },
  ],
  outputDir: '../../test-results',
  globalSetup: here('./server.setup.ts'),
  fullyParallel: false,
  // People and rooms are a test's own, so files can run beside each other, and those of `pages` do in `npm test`; but
  // calls of four browsers fill two cores.
  workers: 1,
  forbidOnly: !!process.env.CI,
  // Far above what it takes: only a test that fails waits that long.
  timeout: 300_000,
  expect: { timeout: 20_000 },
  reporter: [['list'], [here('./counts.reporter.ts')]],
  use: {
    locale: 'en-US',
    permissions: ['camera', 'microphone'],
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env.WEBCALL_BROWSER || undefined,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--use-fake-device-for-media-stream',
        '--use-fake-ui-for-media-stream',
        '--autoplay-policy=no-user-gesture-required',
        '--allow-loopback-in-peer-connection',
      ],
    },
  },
});
