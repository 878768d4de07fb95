import { expect, type Locator, type Page, test } from '@playwright/test';
import { fillRoom } from '../../tools/testing/fill-room.mjs';
import { createRoom, goHome, joinRoom, log, type Person, say, signUp } from './support/people';

/** The benchmark scrolls through ten thousand. */
const LENGTH = 3_000;
/** Those kept around the visible ones, and a page more. */
const MOST_ROWS = 350;

const userIdOf = ({ page }: Person): Promise<string> =>
  page.evaluate(() => JSON.parse(localStorage.getItem('webcall.user.id') ?? '""') as string);

/** Opens a room of `anna` and `bob` with a long history, which anna's page shows. */
async function openLongRoom(anna: Person, bob: Person, name: string, length = LENGTH): Promise<string> {
  const roomId = await createRoom(anna, name);
  await joinRoom(bob, roomId);
  const authors = [await userIdOf(anna), await userIdOf(bob)];
  await fillRoom(process.env['WEBCALL_DATABASE_URL'] ?? '', roomId, authors, length);
  await anna.page.goto(`/r/${roomId}`);
  await expect(messageOf(anna.page, length)).toBeInViewport();
  return roomId;
}

const messageOf = (page: Page, seq: number) => log(page).locator(`[data-seq="${seq}"]`);
const jumpButton = (page: Page) => page.getByRole('button', { name: /^Jump to the latest/ });

/**
 * Scrolls up or down, a loaded part at a time, until a message is there.
 * @returns the largest number of rows on the way; every row had its place in a gapless order
 */
async function scrollUntilLoaded(page: Page, direction: 'up' | 'down', seq: number): Promise<number> {
  return page.evaluate(
    async ([up, wanted]) => {
      const scroller = document.querySelector<HTMLElement>('[role=log]')!;
      for (let most = 0; ;) {
        scroller.scrollTop = up ? 0 : scroller.scrollHeight;
        await new Promise(requestAnimationFrame);
        const seqs = [...scroller.querySelectorAll<HTMLElement>('[data-seq]')].map((row) => Number(row.dataset['seq']));
        most = Math.max(most, scroller.querySelectorAll('[role=article]').length);
        if (seqs.some((each, i) => each !== seqs[0]! + i)) throw new Error(`a gap: ${seqs.join()}`);
        if (up ? seqs[0]! > wanted : seqs.at(-1)! < wanted) continue;
        return most;
      }
    },
    [direction === 'up', seq] as const,
  );
}

/** Scrolls to an end until a message there is seen: while a part loads, what was visible keeps its place. */
async function scrollUntilShown(page: Page, direction: 'up' | 'down', message: Locator): Promise<void> {
  await expect(async () => {
    await log(page).evaluate((list, up) => list.scrollTo(0, up ? 0 : list.scrollHeight), direction === 'up');
    await expect(message).toBeInViewport({ timeout: 500 });
  }).toPass();
}

/** Nodes of the page, also those that are in no document any more and that something still holds. */
async function countNodes(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { nodes } = await session.send('Memory.getDOMCounters');
  await session.detach();
  return nodes;
}

test('three thousand messages take as many nodes as five hundred, and come back when the reader does', async ({
  browser,
}) => {
  const [anna, bob] = [await signUp(browser, 'anna'), await signUp(browser, 'bob')];
  await openLongRoom(anna, bob, 'Long');
  const { page } = anna;
  let most = await scrollUntilLoaded(page, 'up', LENGTH - 500);
  const nodes = await countNodes(page);
  most = Math.max(most, await scrollUntilLoaded(page, 'up', 1));
  await scrollUntilShown(page, 'up', messageOf(page, 1));
  expect(await countNodes(page)).toBeLessThan(1.1 * nodes);
  await expect(jumpButton(page)).toBeVisible();

  // Counted, but neither loaded nor shown, and no message on its way is left over.
  await say(bob, 'far below');
  await expect(jumpButton(page)).toHaveText('1 new');
  await expect(messageOf(page, LENGTH + 1)).toHaveCount(0);

  most = Math.max(most, await scrollUntilLoaded(page, 'down', LENGTH + 1));
  await scrollUntilShown(page, 'down', log(page).getByText('far below', { exact: true }));
  await expect(jumpButton(page)).toHaveCount(0);
  expect(await countNodes(page)).toBeLessThan(1.1 * nodes);
  expect(most).toBeLessThanOrEqual(MOST_ROWS);
  await goHome(anna, bob);
});

test('the newest message is one press away from the middle of a long room', async ({ browser }) => {
  const [anna, bob] = [await signUp(browser, 'anna'), await signUp(browser, 'bob')];
  await openLongRoom(anna, bob, 'Middle', 1000);
  const { page } = anna;
  const ways = [
    () => jumpButton(page).click(),
    () => log(page).press('End'),
    // The last own message is to be edited, not the last one that is loaded.
    () => page.getByLabel('Message', { exact: true }).press('ArrowUp'),
    () => say(anna, 'from the middle'),
  ];
  for (const go of ways) {
    await scrollUntilLoaded(page, 'up', 500);
    await expect(messageOf(page, 1000)).toHaveCount(0);
    await go();
    await expect(messageOf(page, 1000)).toBeInViewport();
    await expect(jumpButton(page)).toHaveCount(0);
    await page.keyboard.press('Escape');
  }
  await expect(log(page).getByText('from the middle', { exact: true })).toBeInViewport();
  await goHome(anna, bob);
});

test('the focus stays in the list when the focused message is dropped', async ({ browser }) => {
  const [anna, bob] = [await signUp(browser, 'anna'), await signUp(browser, 'bob')];
  await openLongRoom(anna, bob, 'Focus', 1000);
  const { page } = anna;
  await log(page).press('ArrowUp');
  await expect(messageOf(page, 1000)).toBeFocused();
  await scrollUntilLoaded(page, 'up', 500);
  await expect(messageOf(page, 1000)).toHaveCount(0);
  await expect(log(page)).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(log(page).locator('[role=article]:focus')).toBeInViewport();
  await expect(messageOf(page, 1000)).toHaveCount(0);
  await goHome(anna, bob);
});

test('dropped messages that do not come back say so, and come at the next try', async ({ browser }) => {
  const [anna, bob] = [await signUp(browser, 'anna'), await signUp(browser, 'bob')];
  await openLongRoom(anna, bob, 'Lost', 600);
  const { page } = anna;
  await scrollUntilLoaded(page, 'up', 1);
  await page.route('**/messages?after=*', (route) => route.abort());
  await page.evaluate(() => document.querySelector('[role=log]')!.scrollTo(0, 1e6));
  await expect(log(page).getByText('Later messages did not load.')).toBeVisible();
  await page.unroute('**/messages?after=*');
  const [last] = await log(page)
    .locator('[data-seq]')
    .evaluateAll((rows) =>
      rows
        .slice(-1)
        .map((row) => row as HTMLElement)
        .map(({ dataset }) => Number(dataset['seq'])),
    );
  await log(page).getByRole('button', { name: 'Try again' }).click();
  await expect(messageOf(page, last! + 1)).toHaveCount(1);
  // The reader goes on where they were, not at the end of what came.
  await expect(messageOf(page, last!)).toBeInViewport();
  await goHome(anna, bob);
});

test('a new message and a key render no other message again', async ({ browser }) => {
  const [anna, bob] = [await signUp(browser, 'anna'), await signUp(browser, 'bob')];
  await openLongRoom(anna, bob, 'Kept', 600);
  const { page } = anna;
  await scrollUntilLoaded(page, 'up', 450);
  await scrollUntilShown(page, 'down', messageOf(page, 600));
  await page.evaluate(() => {
    const content = document.querySelector('[role=log] > *')!;
    const kept = [...content.querySelectorAll('[role=article]')];
    const changed: string[] = [];
    new MutationObserver((records) => {
      for (const { target, removedNodes } of records) {
        if (kept.some((row) => row.contains(target) || [...removedNodes].includes(row))) changed.push(target.nodeName);
      }
    }).observe(content, { subtree: true, childList: true, attributes: true, characterData: true });
    Object.assign(globalThis, { keptRows: { kept, changed } });
  });
  await say(bob, 'something new');
  await expect(log(page).getByText('something new', { exact: true })).toBeInViewport();
  await page.getByLabel('Message', { exact: true }).pressSequentially('keys');
  const found = await page.evaluate(() => {
    const { kept, changed } = (globalThis as unknown as { keptRows: { kept: Element[]; changed: string[] } }).keptRows;
    return { rows: kept.length, connected: kept.filter((row) => row.isConnected).length, changed };
  });
  expect(found.rows).toBeGreaterThan(100);
  expect(found).toEqual({ rows: found.rows, connected: found.rows, changed: [] });
  await goHome(anna, bob);
});
