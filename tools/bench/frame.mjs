/** Time from "Join call" to the first decoded frame of the other, compared with a bare page in the same browser. */
import { randomUUID } from 'node:crypto';
import { chromium } from '@playwright/test';
import { browser as findBrowser } from '../testing/system.mjs';
import { quietRound } from './quiet.mjs';
import { startApi, startRelay } from './servers.mjs';

const flags = [
  ...['--no-sandbox', '--disable-gpu', '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
  ...['--autoplay-policy=no-user-gesture-required', '--allow-loopback-in-peer-connection'],
];

/**
 * Waits for the first frame that any video of another participant decodes; runs in the page. The time starts with the
 * click on a button of that name.
 */
function watch(name) {
  globalThis.firstFrame = new Promise((done) => {
    let clicked;
    const pressed = ({ target }) => {
      if (target.closest('button')?.textContent.trim().startsWith(name)) clicked = performance.now();
    };
    globalThis.document.addEventListener('click', pressed, { capture: true });
    const seen = new WeakSet();
    setInterval(() => {
      for (const video of globalThis.document.querySelectorAll('video')) {
        const track = video.srcObject?.getVideoTracks()[0];
        // One's own camera has the settings of a device; received tracks have none.
        if (!clicked || seen.has(video) || !track || track.getSettings().deviceId?.length === 64) continue;
        seen.add(video);
        video.requestVideoFrameCallback((now) => done(now - clicked));
      }
    }, 5);
  });
}

const firstFrame = (page) => page.evaluate(() => globalThis.firstFrame);

async function barePerson(browser, { url }, hash) {
  const context = await browser.newContext({ permissions: ['camera', 'microphone'] });
  const page = await context.newPage();
  await page.addInitScript(watch, 'Join');
  await page.goto(`${url}/#${hash}`);
  return { context, page };
}

async function bareRound(browser, relay) {
  const [a, b] = [randomUUID(), randomUUID()];
  const first = await barePerson(browser, relay, `${a},${b},first`);
  const second = await barePerson(browser, relay, `${b},${a},second`);
  await first.page.getByRole('button').click();
  await first.page.waitForFunction(() => globalThis.document.querySelector('#own').videoWidth > 0);
  // About as long as our client takes to bring the second one into the room.
  await first.page.waitForTimeout(1000);
  await second.page.getByRole('button').click();
  const ms = await firstFrame(second.page);
  await Promise.all([first, second].map(({ context }) => context.close()));
  return ms;
}

async function person(browser, { url, code }) {
  const context = await browser.newContext({ permissions: ['camera', 'microphone'], locale: 'en-US', baseURL: url });
  const page = await context.newPage();
  await page.addInitScript(watch, 'Join call');
  const name = `frame-${randomUUID().slice(0, 8)}`;
  await page.goto('/sign-up');
  await page.getByLabel('Username', { exact: true }).fill(name);
  await page.getByLabel('Email', { exact: true }).fill(`${name}@example.org`);
  await page.getByLabel('Password', { exact: true }).fill('correct horse battery');
  await page.getByLabel('Registration code', { exact: true }).fill(code);
  await page.getByRole('button', { name: 'Sign up', exact: true }).click();
  await page.getByLabel('Room name', { exact: true }).waitFor();
  return { context, page };
}

const button = (page, name) => page.getByRole('button', { name, exact: true });

async function enter(page, name) {
  await button(page, name).click();
  await button(page, 'Leave call').waitFor();
}

async function ourRound(browser, server) {
  const [anna, boris] = [await person(browser, server), await person(browser, server)];
  await anna.page.getByLabel('Room name', { exact: true }).fill('Frames');
  await anna.page.getByRole('radio', { name: /public/i }).check();
  await button(anna.page, 'Create room').click();
  await anna.page.waitForURL(/\/r\/[0-9a-f-]{36}/);
  await enter(anna.page, 'Start call');
  await button(anna.page, 'Turn camera on').click();
  await button(anna.page, 'Turn camera off').waitFor();
  await boris.page.goto(new URL(anna.page.url()).pathname);
  await button(boris.page, 'Join').click();
  await boris.page.getByLabel('Message', { exact: true }).waitFor();
  await enter(boris.page, 'Join call');
  const ms = await firstFrame(boris.page);
  await Promise.all([anna, boris].map(({ context }) => context.close()));
  return ms;
}

export async function measureFirstFrame({ postgres, rounds }) {
  const [relay, server] = [await startRelay(), await startApi({ postgres, web: true })];
  const browser = await chromium.launch({ executablePath: await findBrowser(), args: flags });
  try {
    const all = [];
    // The first round warms browser and servers up.
    for (let i = 0; i <= rounds; i++) {
      await quietRound();
      all.push({ ours: await ourRound(browser, server), bare: await bareRound(browser, relay) });
    }
    const what = 'From “Join call” to the first decoded frame';
    return [{ what, unit: 'ms', rounds: all.slice(1), goal: { most: 1.3 } }];
  } finally {
    await browser.close();
    await Promise.all([relay.stop(), server.stop()]);
  }
}
