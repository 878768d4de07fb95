import { type Browser, chromium, expect, test } from '@playwright/test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { atMost, inLab } from '../support/goals';
import { expectInflow, type Inflow, inflows } from '../support/media';
import { createRoom, goHome, joinCall, joinRoom, type Person, signUp, turnCameraOn } from '../support/people';
import { writeVoice } from '../support/voice';
import { print } from './support/figures';
import { writePicture } from './support/picture';

const PEOPLE = 4;
const LASTS_MS = inLab ? 5 * 60_000 : 24_000;
const LOOK_MS = inLab ? 15_000 : 12_000;

let folder: string;
let browser: Browser;

test.beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'webcall-four-'));
  const [voice, picture] = [path.join(folder, 'voice.wav'), path.join(folder, 'picture.y4m')];
  writeVoice(voice);
  writePicture(picture);
  const { executablePath, args = [] } = test.info().project.use.launchOptions ?? {};
  const devices = [`--use-file-for-fake-audio-capture=${voice}`, `--use-file-for-fake-video-capture=${picture}`];
  browser = await chromium.launch({ executablePath, args: [...args, ...devices] });
});
test.afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

test(`four talk with cameras for ${LASTS_MS / 1000} s: sound and pictures for every pair, all the time`, async () => {
  test.setTimeout(LASTS_MS + 180_000);
  const people: Person[] = [];
  for (let i = 0; i < PEOPLE; i += 1) people.push(await signUp(browser, 'four'));
  const roomId = await createRoom(people[0]!, 'Four cameras');
  for (const person of people.slice(1)) await joinRoom(person, roomId);
  for (const { page } of people) {
    await page.setViewportSize({ width: 800, height: 500 });
    await joinCall(page);
    await turnCameraOn(page);
  }
  for (const { page } of people) await expectInflow(page, PEOPLE - 1, ['energy', 'cameraFrames']);

  const readInflows = (): Promise<Inflow[][]> => Promise.all(people.map(({ page }) => inflows(page)));
  const startedAt = Date.now();
  const first = await readInflows();
  let last = first;
  const stalled: string[] = [];
  while (Date.now() < startedAt + LASTS_MS) {
    await pause(LOOK_MS);
    const now = await readInflows();
    now.forEach((links, who) => {
      expect(links.map(({ state }) => state)).toEqual(Array.from({ length: PEOPLE - 1 }, () => 'connected'));
      links.forEach((link, i) => {
        const before = last[who]![i]!;
        if (link.energy <= before.energy) stalled.push(`sound to ${who} on link ${i}`);
        if (link.cameraFrames <= before.cameraFrames) stalled.push(`picture to ${who} on link ${i}`);
      });
    });
    last = now;
  }

  const seconds = (Date.now() - startedAt) / 1000;
  const rows = last.flatMap((links, who) =>
    links.map((link, i) => {
      const start = first[who]![i]!;
      const concealed = (link.concealed - start.concealed) / Math.max(1, link.samples - start.samples);
      return { who, i, concealed, fps: (link.cameraFrames - start.cameraFrames) / seconds };
    }),
  );
  print(
    `Four cameras for ${Math.round(seconds)} s`,
    ['to', 'link', 'pictures a second', 'concealed'],
    rows.map(({ who, i, fps, concealed }) => [who + 1, i + 1, fps.toFixed(1), `${(100 * concealed).toFixed(2)} %`]),
  );
  expect(stalled).toEqual([]);
  for (const { concealed } of rows) expect(concealed).toBeLessThan(atMost(0.02));
  await goHome(...people);
});
