import { expect, type Page, test } from '@playwright/test';
import { befriend, openDirectRoom } from './support/contacts';
import { layWire } from './support/flaky-network';
import { createRoom, goHome, joinCall, joinRoom, say, serverUrl, signUp } from './support/people';

const banner = (page: Page) => page.getByText('No connection. Everything goes on by itself when it is back.');
const menu = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Main navigation' }).first().getByRole('link', { name });

/** Has the browser ask for no more code than the shown page needs, as with slow or expensive networks. */
async function saveData(page: Page): Promise<void> {
  await page.addInitScript(() =>
    Object.defineProperty(navigator, 'connection', {
      value: Object.assign(new EventTarget(), { saveData: true }),
      configurable: true,
    }),
  );
  await page.reload();
  await expect(page.getByLabel('Room name', { exact: true })).toBeVisible();
}

/** Makes what is asked of the microphone countable. */
async function countMicrophones(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const devices = navigator.mediaDevices;
    const open = devices.getUserMedia.bind(devices);
    Object.assign(globalThis, { opened: 0 });
    devices.getUserMedia = (wish) => {
      (globalThis as unknown as { opened: number }).opened += 1;
      return open(wish);
    };
  });
  return () => page.evaluate(() => (globalThis as unknown as { opened: number }).opened);
}

test('the other pages open without a connection, because their code is loaded ahead', async ({ browser }) => {
  const anna = await signUp(browser, 'anna');
  const { page } = anna;
  // All are there when the number of loaded files does not grow any more.
  let before = -1;
  await expect
    .poll(
      async () => {
        const count = await page.evaluate(() => performance.getEntriesByType('resource').length);
        const isStable = count === before;
        before = count;
        return isStable;
      },
      { intervals: [2_000] },
    )
    .toBe(true);
  await anna.context.setOffline(true);
  await menu(page, 'Calls').click();
  await expect(page.getByRole('heading', { name: 'Calls', level: 1 })).toBeVisible();
  await expect(banner(page)).toBeVisible();
  await goHome(anna);
});

test('a page that cannot be loaded without a connection takes nothing away, and opens when it is back', async ({
  browser,
}) => {
  const anna = await signUp(browser, 'anna');
  const { page } = anna;
  await saveData(page);
  await createRoom(anna, 'Nowhere');
  // The code of the room has come.
  await expect(page.getByLabel('Message', { exact: true })).toBeVisible();
  await page.evaluate(() => Object.assign(globalThis, { same: true }));
  await anna.context.setOffline(true);
  await expect(banner(page)).toBeVisible();
  await menu(page, 'Calls').click();
  await expect(page.getByText('No connection. The page opens once the connection is back.')).toBeVisible();
  await expect(page.getByLabel('Message', { exact: true })).toBeVisible();
  await anna.context.setOffline(false);
  await expect(page.getByRole('heading', { name: 'Calls', level: 1 })).toBeVisible();
  expect(await page.evaluate(() => (globalThis as unknown as { same?: boolean }).same)).toBe(true);
  await goHome(anna);
});

test('a running call goes on when a page cannot be loaded', async ({ browser }) => {
  const anna = await signUp(browser, 'anna');
  const { page } = anna;
  await saveData(page);
  await createRoom(anna, 'Deep talk');
  await joinCall(page);
  await page.route('**/*.js', (route) => route.abort('connectionreset'));
  await menu(page, 'Calls').click();
  await expect(page.getByText(/This page could not be loaded/)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Leave call', exact: true })).toBeVisible();
  await goHome(anna);
});

test('“Start call” without a connection is refused at once, opens no microphone, and starts no call later', async ({
  browser,
}) => {
  const anna = await signUp(browser, 'anna');
  const bob = await signUp(browser, 'bob');
  const roomId = await createRoom(anna, 'Too late');
  await joinRoom(bob, roomId);
  const microphones = await countMicrophones(anna.page);
  await anna.context.setOffline(true);
  await expect(banner(anna.page)).toBeVisible();
  await anna.page.getByRole('button', { name: 'Start call', exact: true }).click();
  await expect(anna.page.getByText('No connection. Check your network and try again.')).toBeVisible();
  await anna.context.setOffline(false);
  await expect(banner(anna.page)).toBeHidden();
  // What was asked for before would have come before this message.
  await say(anna, 'here again');
  await expect(bob.page.getByRole('log').getByText('here again')).toBeVisible();
  await expect(anna.page.getByRole('button', { name: 'Start call', exact: true })).toBeVisible();
  await expect(bob.page.getByText('1 person in the call')).toHaveCount(0);
  expect(await microphones()).toBe(0);
  await goHome(anna, bob);
});

test('a dead line that nobody reports is noticed: the banner comes, and nobody is said to be online', async ({
  browser,
}) => {
  const wire = await layWire(serverUrl());
  const anna = await signUp(browser, 'anna', { baseURL: wire.url });
  const bob = await signUp(browser, 'bob');
  await befriend(anna, bob);
  await openDirectRoom(anna, bob);
  await expect(anna.page.getByText('Online', { exact: true }).last()).toBeVisible();
  wire.strand();
  await expect(banner(anna.page)).toBeVisible();
  await expect(anna.page.getByText('Online', { exact: true })).toHaveCount(0);
  await expect(anna.page.locator('wc-presence-dot.unknown').first()).toBeVisible();
  await anna.page.getByRole('button', { name: 'Call', exact: true }).click();
  await expect(anna.page.getByText('No connection. Check your network and try again.')).toBeVisible();
  await goHome(anna, bob);
  await wire.close();
});
