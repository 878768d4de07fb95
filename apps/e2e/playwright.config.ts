import { defineConfig } from '@playwright/test';
import { fileURLToPath } from 'node:url';
import { browser } from '../../tools/testing/system.mjs';

// Found once: the workers inherit the environment.
process.env.WEBCALL_BROWSER ||= (await browser()) ?? '';

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

/** Tests that measure sound and pictures of calls, and need the whole machine. */
const calls = ['**/e2e/{call,media,survive}.spec.ts', '**/e2e/rtc/*.spec.ts'];

/** How browsers are started: with a made-up camera and microphone. */
const launchOptions = {
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
};

/** Pages do as well in a Chromium without windows, where there is one (tools/testing/system.mjs). */
const shell = process.env.WEBCALL_HEADLESS_SHELL || process.env.WEBCALL_BROWSER || undefined;

/** One browser with fake devices, and a new server for every run. */
export default defineConfig({
  testDir: '.',
  projects: [
    {
      name: 'pages',
      testMatch: '**/e2e/*.spec.ts',
      testIgnore: calls,
      use: { launchOptions: { ...launchOptions, executablePath: shell } },
    },
    { name: 'calls', testMatch: calls },
  ],
  outputDir: '../../test-results',
  globalSetup: here('./server.setup.ts'),
  fullyParallel: false,
  // Every test has its own people and rooms, so files can run in parallel, and those of `pages` do in `npm test`; but
  // calls of four browsers use two cores fully.
  workers: 1,
  forbidOnly: !!process.env.CI,
  // Much longer than needed: only a failing test waits that long.
  timeout: 300_000,
  expect: { timeout: 20_000 },
  reporter: [['list'], [here('./counts.reporter.ts')]],
  use: {
    locale: 'en-US',
    permissions: ['camera', 'microphone'],
    // A trace costs a third of the processor's time, and nobody can open it where the checks run.
    trace: process.env.CI ? 'off' : 'retain-on-failure',
    launchOptions,
  },
});
