/** What a room of ten thousand messages costs its page, compared with a bare list of three hundred. */
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { chromium } from '@playwright/test';
import { root } from '../bootstrap.mjs';
import { fillRoom } from '../testing/fill-room.mjs';
import { browser as findBrowser } from '../testing/system.mjs';
import { counted } from './figures.mjs';
import { command, connect, newRoom, newUser } from './people.mjs';
import { quietRound } from './quiet.mjs';
import { startApi } from './servers.mjs';

const LENGTH = 11_000;
const SCROLLED = counted(10_000);
const FEW = 500;
/** So many messages at each of both places are gone through to find the largest size. */
const SPAN = 100;
/** Pixels for each frame, which is fast for a wheel; 300 rows are gone through in a second. */
const STEP = 200;
const MESSAGES = 50;
const PAUSE_MS = 100;
const KEYS = 'the quick brown fox jumps over the lazy dog again and ';

const bareList = pathToFileURL(path.join(root, 'tools/bench/bare/bare-list.html')).href;
const viewport = { width: 1280, height: 800 };

/**
 * Scrolls up until a message is loaded, or for so many frames, down again at the top; runs in the page.
 * @returns how long each frame took, in ms
 */
async function scrollUp({ seq, frames = Infinity, step }) {
  const { document, performance, requestAnimationFrame } = globalThis;
  const list = document.querySelector('[role=log]');
  const nextFrame = () => new Promise(requestAnimationFrame);
  const took = [];
  let direction = -1;
  await nextFrame();
  for (let before = performance.now(); took.length < frames;) {
    if (seq !== undefined && document.querySelector(`[data-seq="${seq}"]`)) break;
    list.scrollTop += direction * step;
    if (seq === undefined && (list.scrollTop === 0 || list.scrollTop + list.clientHeight >= list.scrollHeight - 1))
      direction = -direction;
    await nextFrame();
    const now = performance.now();
    took.push(now - before);
    before = now;
  }
  return took;
}

/** Adds messages to the bare list; runs in the page. */
async function addMessages({ count, ms }) {
  for (let i = 0; i < count; i++) {
    globalThis.addMessage();
    await new Promise((done) => setTimeout(done, ms));
  }
}

/** What Chrome counts of a page. */
async function gauge(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const metric = async (wanted) => {
    const { metrics } = await session.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === wanted).value;
  };
  return {
    /** @returns nodes, also those that are only held, and megabytes of the heap, without garbage */
    async size() {
      await session.send('HeapProfiler.collectGarbage');
      return { nodes: await metric('Nodes'), heap: (await metric('JSHeapUsedSize')) / 2 ** 20 };
    },
    /** @returns how long the page's thread works for one of `times` pieces of work, in ms */
    async workOf(times, work) {
      const before = await metric('TaskDuration');
      await work();
      return ((await metric('TaskDuration')) - before) * (1000 / times);
    },
  };
}

/** @returns the largest size within the messages before one: the list grows and shrinks by a page */
async function largestSize(page, gauges, seq) {
  const sizes = [];
  for (let at = seq + SPAN; at >= seq; at -= SPAN / 10) {
    await page.evaluate(scrollUp, { seq: at, step: STEP });
    sizes.push(await gauges.size());
  }
  return { nodes: Math.max(...sizes.map(({ nodes }) => nodes)), heap: Math.max(...sizes.map(({ heap }) => heap)) };
}

async function typeKeys(page) {
  await page.getByLabel('Message', { exact: true }).focus();
  await page.keyboard.type(KEYS, { delay: PAUSE_MS });
}

/** @returns the length of a long frame: one in a hundred takes longer */
const longFrame = (frames) => frames.toSorted((a, b) => a - b)[Math.floor(frames.length * 0.99)];

async function openRoom(browser, server, { username, password }, roomId) {
  const page = await browser.newPage({ viewport, locale: 'en-US', baseURL: server.url });
  await page.goto('/sign-in');
  await page.getByLabel('Email or username', { exact: true }).fill(username);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForURL((url) => url.pathname !== '/sign-in');
  await page.goto(`/r/${roomId}`);
  await page.locator(`[data-seq="${LENGTH}"]`).waitFor();
  return page;
}

async function ourRound(browser, server) {
  const [anna, boris] = [await newUser(server), await newUser(server)];
  const roomId = await newRoom(server, [anna, boris]);
  await fillRoom(server.database, roomId, [anna.id, boris.id], LENGTH);
  const page = await openRoom(browser, server, anna, roomId);
  const gauges = await gauge(page);
  await page.evaluate(scrollUp, { seq: LENGTH - FEW + SPAN, step: STEP });
  const few = await largestSize(page, gauges, LENGTH - FEW);
  const frames = await page.evaluate(scrollUp, { seq: LENGTH - SCROLLED + SPAN, step: STEP });
  const many = await largestSize(page, gauges, LENGTH - SCROLLED);
  await page.getByRole('button', { name: /^Jump to the latest/ }).click();
  // The list is as long as it gets.
  await page.evaluate(scrollUp, { seq: LENGTH - 120, step: STEP });
  await page.evaluate(() => globalThis.document.querySelector('[role=log]').scrollTo(0, 1e6));
  const socket = await connect(server, { token: boris.token });
  const message = await gauges.workOf(MESSAGES, async () => {
    for (let i = 0; i < MESSAGES; i++) {
      await command(socket, 'chat:send', { roomId, id: randomUUID(), text: `another ${i}` });
      await pause(PAUSE_MS);
    }
    await page.locator(`[data-seq="${LENGTH + MESSAGES}"]`).waitFor();
  });
  const key = await gauges.workOf(KEYS.length, () => typeKeys(page));
  socket.close();
  await page.close();
  return { few, many, frames, message, key };
}

async function bareRound(browser, frameCount) {
  const page = await browser.newPage({ viewport, locale: 'en-US' });
  await page.goto(bareList);
  const gauges = await gauge(page);
  const frames = await page.evaluate(scrollUp, { frames: frameCount, step: STEP });
  const added = { count: MESSAGES, ms: PAUSE_MS };
  const message = await gauges.workOf(MESSAGES, () => page.evaluate(addMessages, added));
  const key = await gauges.workOf(KEYS.length, () => typeKeys(page));
  await page.close();
  return { frames, message, key };
}

export async function measureMessageList({ postgres, rounds }) {
  const server = await startApi({ postgres, web: true });
  const browser = await chromium.launch({
    executablePath: await findBrowser(),
    args: ['--no-sandbox', '--disable-gpu'],
  });
  try {
    const all = [];
    for (let i = 0; i <= rounds; i++) {
      await quietRound();
      const ours = await ourRound(browser, server);
      all.push({ ours, bare: await bareRound(browser, ours.frames.length) });
    }
    const [, ...warm] = all;
    const compare = (value) => warm.map(({ ours, bare }) => ({ ours: value(ours), bare: value(bare) }));
    const grown = (name) => warm.map(({ ours }) => ({ ours: ours.many[name], bare: ours.few[name] }));
    return [
      {
        what: 'Work of the page for a new message, after 10,000',
        ...msOf(10),
        rounds: compare((side) => side.message),
      },
      { what: 'Work of the page for a key, after 10,000', ...msOf(8), rounds: compare((side) => side.key) },
      {
        what: 'A long frame while 10,000 messages are scrolled',
        unit: 'ms',
        digits: 1,
        goal: { most: 1.3 },
        rounds: compare((side) => longFrame(side.frames)),
      },
      {
        what: 'Nodes of the page after 10,000 messages, beside after 500',
        goal: { most: 1.1 },
        rounds: grown('nodes'),
      },
      {
        what: 'Heap of the page after 10,000 messages, beside after 500',
        unit: 'MB',
        digits: 1,
        goal: { most: 1.1 },
        rounds: grown('heap'),
      },
    ];
  } finally {
    await browser.close();
    await server.stop();
  }
}

const msOf = (most) => ({ unit: 'ms', digits: 1, goal: { most, unit: 'ms' } });
