import { expect, type Locator, type Request, type Route, test } from '@playwright/test';
import { postMessages } from './support/api';
import { layWire } from './support/flaky-network';
import { createRoom, goHome, joinRoom, log, say, serverUrl, signUp } from './support/people';

test('messages arrive, can be edited and deleted, and unread ones are counted', async ({ browser }) => {
  const anna = await signUp(browser, 'anna');
  const bob = await signUp(browser, 'bob');
  const roomId = await createRoom(anna, 'Chatter');
  await joinRoom(bob, roomId);

  await say(anna, 'Dinner at eight, see https://example.org/menu');
  await expect(log(bob.page).getByText('Dinner at eight')).toBeVisible();
  await expect(log(bob.page).getByRole('link', { name: 'https://example.org/menu', exact: true })).toHaveAttribute(
    'rel',
    /noopener/,
  );

  const mine = anna.page.getByRole('article').filter({ hasText: 'Dinner at eight' });
  await mine.hover();
  await expect(anna.page.getByLabel('Message')).toHaveCount(1);
  // At once, not with the next frame, which would take with it what was written before it.
  const valueAfter = (button: Locator): Promise<string | undefined> =>
    button.evaluate((element: HTMLElement) => {
      element.click();
      return document.querySelector('textarea')?.value;
    });
  expect(await valueAfter(mine.getByRole('button', { name: 'Edit', exact: true }))).toMatch(/^Dinner at eight/);
  expect(await valueAfter(anna.page.getByRole('button', { name: 'Stop editing', exact: true }))).toBe('');
  await mine.getByRole('button', { name: 'Edit', exact: true }).click();
  await anna.page.getByLabel('Message', { exact: true }).fill('Dinner at nine');
  await anna.page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(log(bob.page).getByText('Dinner at nine')).toBeVisible();
  await expect(log(bob.page).getByText('Dinner at eight')).toHaveCount(0);

  await bob.page.goto('/');
  await say(anna, 'one');
  await say(anna, 'two');
  await expect(bob.page.getByRole('link', { name: /Chatter.*2 unread/ })).toBeVisible();
  await bob.page.getByRole('link', { name: /Chatter/ }).click();
  await expect(log(bob.page).getByText('two', { exact: true })).toBeVisible();
  await bob.page.getByRole('link', { name: 'New room' }).click();
  await expect(bob.page.getByLabel('Room name', { exact: true })).toBeVisible();
  await expect(bob.page.getByRole('link', { name: /Chatter.*unread/ })).toHaveCount(0);

  const two = anna.page.getByRole('article').filter({ hasText: 'two' });
  await two.hover();
  await two.getByRole('button', { name: 'Delete', exact: true }).click();
  await anna.page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(log(anna.page).getByText('two', { exact: true })).toHaveCount(0);
  await goHome(anna, bob);
});

test('messages written offline are sent once after reconnecting, also after a reload and from another page', async ({
  browser,
}) => {
  const wire = await layWire(serverUrl());
  const anna = await signUp(browser, 'anna', { baseURL: wire.url });
  const bob = await signUp(browser, 'bob');
  const roomId = await createRoom(anna, 'Patience');
  await joinRoom(bob, roomId);
  await say(anna, 'before');
  await expect(log(bob.page).getByText('before', { exact: true })).toBeVisible();

  wire.cut();
  await say(anna, 'meanwhile');
  await expect(log(anna.page).getByText('meanwhile', { exact: true })).toBeVisible();
  await say(bob, 'are you there?');
  wire.mend();
  await expect(log(bob.page).getByText('meanwhile', { exact: true })).toHaveCount(1, { timeout: 20_000 });
  await expect(log(anna.page).getByText('are you there?')).toHaveCount(1, { timeout: 20_000 });

  wire.cut();
  await say(anna, 'kept over a reload');
  await expect(log(anna.page).getByText('kept over a reload', { exact: true })).toBeVisible();
  wire.mend();
  await anna.page.reload();
  await expect(log(bob.page).getByText('kept over a reload', { exact: true })).toHaveCount(1, { timeout: 20_000 });
  await expect(log(anna.page).getByText('kept over a reload', { exact: true })).toHaveCount(1);

  wire.cut();
  await say(anna, 'sent from another page');
  await expect(log(anna.page).getByText('sent from another page', { exact: true })).toBeVisible();
  wire.mend();
  await anna.page.goto('/settings');
  await expect(log(bob.page).getByText('sent from another page', { exact: true })).toHaveCount(1, { timeout: 20_000 });
  await goHome(anna, bob);
  await wire.close();
});

test('missed messages are shown although the first requests after reconnecting are lost', async ({ browser }) => {
  const wire = await layWire(serverUrl());
  const anna = await signUp(browser, 'anna', { baseURL: wire.url });
  const bob = await signUp(browser, 'bob');
  const roomId = await createRoom(anna, 'Flutter');
  await joinRoom(bob, roomId);
  await say(bob, 'before');
  await expect(log(anna.page).getByText('before', { exact: true })).toBeVisible();

  // Browsers drop running requests when the network changes again; here for longer than the first retries take.
  let abortedRequests = 0;
  const drop = (route: Route): Promise<void> => {
    abortedRequests += 1;
    return route.abort('connectionreset');
  };
  await anna.page.route('**/api/v1/**', drop);
  wire.cut();
  await say(bob, 'meanwhile');
  wire.mend();
  await expect.poll(() => abortedRequests, { timeout: 20_000 }).toBeGreaterThan(20);
  await anna.page.unroute('**/api/v1/**', drop);
  await expect(log(anna.page).getByText('meanwhile', { exact: true })).toBeVisible();
  await goHome(anna, bob);
  await wire.close();
});

test('a poll on a dead network does not block one of the few connections of the page', async ({ browser }) => {
  const wire = await layWire(serverUrl(), { webSockets: false });
  const anna = await signUp(browser, 'anna', { baseURL: wire.url });
  const bob = await signUp(browser, 'bob');
  const roomId = await createRoom(anna, 'Wanderers');
  await joinRoom(bob, roomId);
  const isPoll = (request: Request): boolean => request.method() === 'GET' && /polling.*sid=/.test(request.url());
  const pollFailed = anna.page.waitForEvent('requestfailed', { predicate: isPoll, timeout: 20_000 });
  wire.strand();
  await anna.page.evaluate(() => ['offline', 'online'].forEach((name) => dispatchEvent(new Event(name))));
  await say(bob, 'there you are');
  await expect(log(anna.page).getByText('there you are', { exact: true })).toBeVisible({ timeout: 20_000 });
  await pollFailed;
  await goHome(anna, bob);
  await wire.close();
});

test('older messages load above without moving the visible ones', async ({ browser }) => {
  const anna = await signUp(browser, 'anna');
  const roomId = await createRoom(anna, 'History');
  const { page } = anna;
  await postMessages(anna, roomId, 130);
  await page.goto(`/r/${roomId}`);
  await expect(log(page).getByText('line 130', { exact: true })).toBeInViewport();
  await log(page).hover();
  await expect(async () => {
    await page.mouse.wheel(0, -2000);
    await expect(log(page).getByText('line 1', { exact: true })).toBeInViewport({ timeout: 300 });
  }).toPass({ timeout: 20_000 });
  await goHome(anna);
});
