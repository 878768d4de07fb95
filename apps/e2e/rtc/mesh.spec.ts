import { expect, type Page, test } from '@playwright/test';
import { atMost, inLab } from '../support/goals';
import {
  closePages,
  expectAllConnected,
  expectFlows,
  expectNoFailures,
  joinInTurn,
  openPages,
  together,
} from './pages';
import { type Fate, Relay } from './relay';

let relay: Relay;
let pages: Page[] = [];

test.beforeEach(() => {
  relay = new Relay();
});
test.afterEach(() => closePages(pages));

test('two join and hear each other', async ({ browser }) => {
  pages = await openPages(browser, relay, 2);
  await joinInTurn(pages);
  await expectAllConnected(pages);
  await expectFlows(pages, 'microphone', 1);
  await expectNoFailures(pages);
});

test('a camera that the first page turns on later is seen, and so is turning it off', async ({ browser }) => {
  pages = await openPages(browser, relay, 2);
  const [first, second] = pages as [Page, Page];
  await joinInTurn(pages);
  await expectAllConnected(pages);
  await first.evaluate(() => window.harness.open('camera'));
  await expectFlows([second], 'camera', 1);
  await first.evaluate(() => window.harness.shut('camera'));
  await expect(second.locator('video')).toHaveCount(0);
  await expectNoFailures(pages);
});

test('both turn the camera on in the same tick', async ({ browser }) => {
  pages = await openPages(browser, relay, 2);
  await joinInTurn(pages);
  await expectAllConnected(pages);
  await together(pages, (page) => page.evaluate(() => window.harness.open('camera')));
  await expectFlows(pages, 'camera', 1);
  await expectFlows(pages, 'microphone', 1);
  await expectNoFailures(pages);
});

test('a third page that joins later exchanges sound and pictures with the others', async ({ browser }) => {
  pages = await openPages(browser, relay, 3);
  const [first, second, third] = pages as [Page, Page, Page];
  await together([first, second, third], (page) => page.evaluate(() => window.harness.open('camera')));
  await joinInTurn([first, second]);
  await expectAllConnected([first, second]);
  await joinInTurn([third]);
  await expectAllConnected(pages);
  await expectFlows(pages, 'camera', 2);
  await expectFlows(pages, 'microphone', 2);
  await expectNoFailures(pages);
});

test('a screen is seen in addition to the camera', async ({ browser }) => {
  pages = await openPages(browser, relay, 2);
  const [first, second] = pages as [Page, Page];
  await first.evaluate(() => window.harness.open('camera'));
  await joinInTurn(pages);
  await expectAllConnected(pages);
  await first.evaluate(() => window.harness.open('screen'));
  await expectFlows([second], 'screen', 1);
  await expectFlows([second], 'camera', 1);
  await expectNoFailures(pages);
});

const ROUNDS = inLab ? 20 : 5;

test(`four join in the same tick, ${ROUNDS} times, and every pair is connected every time`, async ({ browser }) => {
  pages = await openPages(browser, relay, 4);
  for (let round = 1; round <= ROUNDS; round++) {
    await test.step(`round ${round}`, async () => {
      await together(pages, (page) => page.evaluate(() => window.harness.join()));
      await expectAllConnected(pages);
      await expectNoFailures(pages);
      for (const page of pages) expect(await page.evaluate(() => window.harness.connectionsMade())).toBe(3);
      if (round === ROUNDS) await expectFlows(pages, 'microphone', 3);
      await together(pages, (page) => page.evaluate(() => window.harness.leave()));
    });
  }
});

test('refused, doubled, late or unacknowledged signals still connect everyone', async ({ browser }) => {
  pages = await openPages(browser, relay, 3);
  const fates: Fate[] = ['refused', 'twice', { lateMs: 400 }, 'unacknowledged', { lateMs: 50 }, 'delivered', 'refused'];
  let signals = 0;
  relay.fate = () => (signals < 120 ? (fates[signals++ % fates.length] ?? 'delivered') : 'delivered');
  await together(pages, (page) => page.evaluate(() => window.harness.join()));
  await expectAllConnected(pages, 40_000);
  expect(signals).toBeGreaterThan(fates.length);
  await expectFlows(pages, 'microphone', 2);
});

test('a device that returns without its links is connected again', async ({ browser }) => {
  pages = await openPages(browser, relay, 3);
  await joinInTurn(pages);
  await expectAllConnected(pages);
  const [, second] = pages as [Page, Page];
  await second.evaluate(() => window.harness.resumeFresh());
  await expectAllConnected(pages);
  await expectFlows(pages, 'microphone', 2);
  await expectNoFailures(pages);
});

test('two devices that return without their links at once are connected again', async ({ browser }) => {
  pages = await openPages(browser, relay, 2);
  await joinInTurn(pages);
  await expectAllConnected(pages);
  await together(pages, (page) => page.evaluate(() => window.harness.resumeFresh()));
  await expectAllConnected(pages, 10_000);
  await expectFlows(pages, 'microphone', 1);
});

for (const lostType of ['offer', 'answer'] as const) {
  test(`the link is rebuilt when the ${lostType} was lost`, async ({ browser }) => {
    pages = await openPages(browser, relay, 2);
    let links = new Set<string | undefined>();
    relay.fate = ({ description, link }) => {
      if (description?.type !== lostType || links.size > 0) return 'delivered';
      links = links.add(link);
      return 'lost';
    };
    await joinInTurn(pages);
    await expectAllConnected(pages, 30_000);
    expect(links.size).toBe(1);
    await expectFlows(pages, 'microphone', 1);
  });
}

test('a connection that stays new after both descriptions is rebuilt within seconds', async ({ browser }) => {
  pages = await openPages(browser, relay, 2);
  let deadLink: string | undefined;
  relay.fate = ({ candidate, link }) => {
    deadLink ??= link;
    return candidate && link === deadLink ? 'lost' : 'delivered';
  };
  await joinInTurn(pages);
  await expectAllConnected(pages, atMost(9_000));
  for (const page of pages) expect(await page.evaluate(() => window.harness.connectionsMade())).toBe(2);
});

test('signals sent while the sockets were down arrive afterwards', async ({ browser }) => {
  pages = await openPages(browser, relay, 3);
  const [first, second, third] = pages as [Page, Page, Page];
  await joinInTurn([first, second]);
  await expectAllConnected([first, second]);
  relay.cut();
  await joinInTurn([third]);
  await expect.poll(async () => Object.values(await third.evaluate(() => window.harness.states()))).toHaveLength(2);
  await expectFlows([first, second], 'microphone', 1);
  await relay.mend();
  await expectAllConnected(pages);
  await expectFlows(pages, 'microphone', 2);
});

test('both networks change in the same tick, and media continue over the same connections', async ({ browser }) => {
  pages = await openPages(browser, relay, 2);
  await joinInTurn(pages);
  await expectAllConnected(pages);
  for (let round = 1; round <= 10; round++) {
    await together(pages, (page) => page.evaluate(() => window.harness.online()));
    await expectAllConnected(pages);
  }
  await expectFlows(pages, 'microphone', 1);
  for (const page of pages) expect(await page.evaluate(() => window.harness.connectionsMade())).toBe(1);
  await expectNoFailures(pages);
});

test('speech is sent twice, silence hardly at all', async ({ browser }) => {
  pages = await openPages(browser, relay, 2);
  const [first, second] = pages as [Page, Page];
  await joinInTurn(pages);
  await expectAllConnected(pages);
  await expectFlows(pages, 'microphone', 1);
  for (const page of pages) expect(await page.evaluate(() => window.harness.codecs())).toEqual(['audio/red']);

  await first.evaluate(() => window.harness.hush());
  let packets = -Infinity;
  const newPackets = async (): Promise<number> => {
    const before = packets;
    const [kinds] = Object.values(await second.evaluate(() => window.harness.stats()));
    packets = kinds?.microphone?.packets ?? 0;
    return packets - before;
  };
  // Speech at 50 packets a second would be 75.
  await expect.poll(newPackets, { intervals: [0, 1500] }).toBeLessThan(25);
});

test('quality is measured, including the route', async ({ browser }) => {
  pages = await openPages(browser, relay, 2);
  await together(pages, (page) => page.evaluate(() => window.harness.open('camera')));
  await joinInTurn(pages);
  await expectAllConnected(pages);
  for (const page of pages) {
    const qualities = async (): Promise<unknown> =>
      Object.values(await page.evaluate(() => window.harness.qualities()));
    await expect.poll(qualities).toEqual([
      expect.objectContaining({
        figures: expect.objectContaining({
          mos: expect.any(Number),
          route: 'direct',
          fps: expect.any(Number),
          resolution: expect.objectContaining({ width: expect.any(Number) }),
        }),
      }),
    ]);
  }
});
