import { expect, type Page, test } from '@playwright/test';
import type { MediaKind } from '@webcall/domain';
import { atMost } from '../support/goals';
import { voice } from '../support/voice';
import {
  closePages,
  expectAllConnected,
  expectFlows,
  expectNoFailures,
  joinInTurn,
  openPages,
  together,
} from './pages';
import type { Received } from './protocol';
import { Relay } from './relay';

let pages: Page[] = [];

test.afterEach(() => closePages(pages));

/** Opens two pages in a call, each with microphone and camera. */
async function call(browser: Parameters<typeof openPages>[0]): Promise<[Page, Page]> {
  pages = await openPages(browser, new Relay(), 2);
  await together(pages, (page) => page.evaluate(() => window.harness.open('camera')));
  await joinInTurn(pages);
  await expectAllConnected(pages);
  await expectFlows(pages, 'camera', 1);
  return pages as [Page, Page];
}

async function received(page: Page, kind: MediaKind): Promise<Received> {
  const [kinds] = Object.values(await page.evaluate(() => window.harness.stats()));
  return kinds?.[kind] ?? {};
}

/** @returns a function that counts the frames decoded since its last call */
function newFrames(page: Page): () => Promise<number> {
  let before = Infinity;
  return async () => {
    const { frames = 0 } = await received(page, 'camera');
    const more = frames - before;
    before = frames;
    return more;
  };
}

test('a camera that is not shown sends nothing until it is shown again; the sound continues', async ({ browser }) => {
  const [, second] = await call(browser);
  await second.evaluate(() => window.harness.show({ camera: 0, screen: 0 }));
  await expect.poll(newFrames(second), { intervals: [2000] }).toBe(0);
  await expectFlows([second], 'microphone', 1);
  await second.evaluate(() => window.harness.show({ camera: 180, screen: 0 }));
  await expectFlows([second], 'camera', 1);
  await expectNoFailures(pages);
  for (const page of pages) expect(await page.evaluate(() => window.harness.mended())).toEqual([]);
});

test('a camera that is shown small is sent small', async ({ browser }) => {
  const [, second] = await call(browser);
  await second.evaluate(() => window.harness.show({ camera: 90, screen: 0 }));
  await expect.poll(async () => (await received(second, 'camera')).height).toBe(90);
  await second.evaluate(() => window.harness.show({ camera: 720, screen: 0 }));
  await expect.poll(async () => (await received(second, 'camera')).height).toBe(180);
  await expectNoFailures(pages);
});

test('sound that stops on a connected link is detected and repaired', async ({ browser }) => {
  const [first, second] = await call(browser);
  const at = Date.now();
  await first.evaluate(() => window.harness.sendNothing('microphone'));
  const mended = (): Promise<unknown> => second.evaluate(() => window.harness.mended());
  // A restart does not help here, so a new connection follows.
  await expect.poll(mended, { timeout: atMost(40_000) }).toEqual(['restarted', 'rebuilt', 'stalled']);
  console.info(`The sound was back ${((Date.now() - at) / 1000).toFixed(1)} s after it had stopped`);
  await expectFlows([second], 'microphone', 1);
  expect(await second.evaluate(() => window.harness.connectionsMade())).toBe(2);
});

test('the noise filter reduces noise, lets speech pass, and fails if its files are missing', async ({ browser }) => {
  pages = await openPages(browser, new Relay(), 1);
  const [page] = pages as [Page];
  const voiceSamples = [...voice()].slice(0, 48_000).map((sample) => sample / 32_768);
  const noiseSamples = Array.from({ length: 96_000 }, () => (Math.random() - 0.5) / 10);
  const filteredOffline = (samples: number[]) => page.evaluate((s) => window.harness.filteredOffline(s), samples);
  const filtered = (samples: number[]) => page.evaluate((s) => window.harness.filtered(s), samples);
  const noise = await filteredOffline(noiseSamples);
  const speech = await filteredOffline(voiceSamples);
  for (const [name, { before, after }] of Object.entries({ noise, speech })) {
    console.info(`${name}: ${before.toFixed(1)} dB before the filter, ${after.toFixed(1)} dB after it`);
  }
  expect(noise.after).toBeLessThan(noise.before - 6);
  expect(speech.after).toBeGreaterThan(speech.before - 10);
  // As the sound runs, what is late on a busy machine changes the loudness: it only has to pass.
  await expect.poll(async () => (await filtered(voiceSamples)).after).toBeGreaterThan(speech.before - 20);
  await page.route('**/*.wasm', (route) => route.fulfill({ status: 404, body: 'nothing here' }));
  await expect(filtered(voiceSamples)).rejects.toThrow(/WebAssembly/);
});
