import { type Browser, expect, type Page } from '@playwright/test';
import type { MediaKind } from '@webcall/domain';
import { build } from 'esbuild';
import path from 'node:path';
import type { HarnessApi, RelayCommand } from './protocol';
import type { Relay } from './relay';

/** The figure that shows that media are decoded: energy for sound, frames for pictures. */
type Figure = 'energy' | 'frames';

const ORIGIN = 'http://localhost/';
let bundle: Promise<string> | undefined;

/** Bundles the call engine with the harness into one script. */
function harness(): Promise<string> {
  bundle ??= build({
    entryPoints: [path.join(import.meta.dirname, 'harness.ts')],
    tsconfig: path.join(import.meta.dirname, '../../../tsconfig.base.json'),
    bundle: true,
    write: false,
    format: 'iife',
    sourcemap: 'inline',
  }).then(({ outputFiles }) => outputFiles[0]?.text ?? '');
  return bundle;
}

/** Opens pages with an open microphone, each in its own browser profile, not yet in the call. */
export async function openPages(browser: Browser, relay: Relay, count: number): Promise<Page[]> {
  const script = await harness();
  return Promise.all(
    Array.from({ length: count }, async () => {
      const context = await browser.newContext({ permissions: ['microphone', 'camera'] });
      const page = await context.newPage();
      await page.route(`${ORIGIN}**`, (route) =>
        route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>Mesh</title>' }),
      );
      await serveNoiseFilter(page);
      const serve = relay.connect((incoming) => page.evaluate((i) => window.harness.receive(i), incoming));
      await page.exposeFunction('relay', (command: RelayCommand) => serve(command));
      await page.goto(ORIGIN);
      await page.addScriptTag({ content: script });
      await page.evaluate(() => window.harness.open('microphone'));
      return page;
    }),
  );
}

/** Serves the files of the noise filter like the server does. */
async function serveNoiseFilter(page: Page): Promise<void> {
  const dist = path.join(import.meta.dirname, '../../../node_modules/@sapphi-red/web-noise-suppressor/dist');
  const files = {
    'worklet.js': 'rnnoise/workletProcessor.js',
    'plain.wasm': 'rnnoise.wasm',
    'simd.wasm': 'rnnoise_simd.wasm',
  };
  for (const [name, file] of Object.entries(files)) {
    await page.route(`${ORIGIN}noise-suppressor/${name}`, (route) => route.fulfill({ path: path.join(dist, file) }));
  }
}

/** Closes the pages with their profiles. */
export async function closePages(pages: readonly Page[]): Promise<void> {
  await Promise.all(pages.map((page) => page.context().close()));
}

/** Acts on all pages at once, as far as possible in the same tick. */
export async function together(pages: readonly Page[], act: (page: Page) => Promise<unknown>): Promise<void> {
  await Promise.all(pages.map(act));
}

/** Lets the pages join one after the other. */
export async function joinInTurn(pages: readonly Page[]): Promise<void> {
  for (const page of pages) await page.evaluate(() => window.harness.join());
}

/** Expects every page to be connected with every other one. */
export async function expectAllConnected(pages: readonly Page[], timeout = 20_000): Promise<void> {
  const expected = Array<string>(pages.length - 1).fill('connected');
  for (const page of pages) {
    await expect
      .poll(async () => Object.values(await page.evaluate(() => window.harness.states())), { timeout })
      .toEqual(expected);
  }
}

/** Expects every page to receive new sound energy or frames of a kind from that many others. */
export async function expectFlows(pages: readonly Page[], kind: MediaKind, sources: number): Promise<void> {
  const figure: Figure = kind === 'microphone' || kind === 'screenSound' ? 'energy' : 'frames';
  for (const page of pages) {
    const before = await received(page, kind, figure);
    await expect
      .poll(
        async () => {
          const now = await received(page, kind, figure);
          return [...now].filter(([id, amount]) => amount > (before.get(id) ?? 0)).length;
        },
        { timeout: 20_000, message: `${kind} arrives from ${sources}` },
      )
      .toBe(sources);
  }
}

/** Expects no page to have reported a failure. */
export async function expectNoFailures(pages: readonly Page[]): Promise<void> {
  for (const page of pages) expect(await page.evaluate(() => window.harness.failures())).toEqual([]);
}

async function received(page: Page, kind: MediaKind, figure: Figure): Promise<Map<string, number>> {
  const stats: Awaited<ReturnType<HarnessApi['stats']>> = await page.evaluate(() => window.harness.stats());
  return new Map(Object.entries(stats).map(([id, kinds]) => [id, kinds[kind]?.[figure] ?? 0]));
}
