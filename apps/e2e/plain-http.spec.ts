import { type Browser, type BrowserContext, chromium, expect, type Route, test } from '@playwright/test';
import { createRoom, enterButton, goHome, log, say, serverUrl, signUp } from './support/people';

/** A name of the server that is not the browser's own machine: over plain http its pages have no secure context. */
const LAN_NAME = 'lan.test';

/** A browser that knows the server by that name. */
let browser: Browser;

test.beforeAll(async ({ launchOptions }) => {
  const args = [...(launchOptions.args ?? []), `--host-resolver-rules=MAP ${LAN_NAME} localhost`];
  browser = await chromium.launch({ ...launchOptions, args });
});
test.afterAll(() => browser.close());

function lanUrl(): string {
  const url = new URL(serverUrl());
  url.hostname = LAN_NAME;
  return url.origin;
}

/** Holds the requests for a new access token until `count` tabs have sent theirs, so that none is told of another's. */
async function sendRefreshesTogether(context: BrowserContext, count: number): Promise<void> {
  const held: Route[] = [];
  await context.route('**/api/v1/auth/refresh', (route) => {
    held.push(route);
    if (held.length === count) for (const request of held.splice(0)) void request.continue();
  });
}

test('over plain http the page is there again after a reload, and says what needs https', async () => {
  const anna = await signUp(browser, 'anna', { baseURL: lanUrl() });
  const { page } = anna;
  expect(await page.evaluate(() => [isSecureContext, 'randomUUID' in crypto, 'locks' in navigator])).toEqual(
    Array(3).fill(false),
  );
  await createRoom(anna, 'Shed');
  await say(anna, 'the door has no lock');
  await expect(log(page).getByText('the door has no lock')).toBeVisible();
  for (let i = 0; i < 2; i++) {
    await page.reload();
    await expect(log(page).getByText('the door has no lock')).toBeVisible();
  }

  await page.getByRole('button', { name: 'Invite', exact: true }).click();
  await page.getByRole('button', { name: 'Copy link', exact: true }).click();
  await expect(page.getByText('The link could not be copied. Select it and copy it yourself.')).toBeVisible();
  await page.getByRole('button', { name: 'Done', exact: true }).click();
  await enterButton(page).click();
  await expect(page.getByText('A secure address (https) is needed').first()).toBeVisible();
  await goHome(anna);
});

test('over plain http, four tabs that are reloaded at once stay signed in', async () => {
  const anna = await signUp(browser, 'anna', { baseURL: lanUrl() });
  const tabs = [anna.page];
  while (tabs.length < 4) tabs.push(await anna.context.newPage());
  await Promise.all(tabs.map((tab) => tab.goto('/settings')));
  await Promise.all(tabs.map((tab) => expect(tab.getByRole('button', { name: 'Sign out' })).toBeVisible()));
  await sendRefreshesTogether(anna.context, tabs.length);
  // The second time shows that the browser was left with a token that still counts.
  for (let i = 0; i < 2; i++) {
    await Promise.all(tabs.map((tab) => tab.reload()));
    for (const tab of tabs) await expect(tab.getByRole('button', { name: 'Sign out' })).toBeVisible();
  }
  await goHome(anna);
});

test('a start that throws shows an error page instead of the splash', async () => {
  const anna = await signUp(browser, 'anna');
  await anna.page.addInitScript(() => {
    Crypto.prototype.getRandomValues = () => {
      throw new Error('this browser has no random numbers');
    };
  });
  await anna.page.reload();
  await expect(anna.page.getByRole('heading', { name: 'WebCall could not be started' })).toBeVisible();
  await expect(anna.page.locator('wc-root')).toHaveCount(0);
  await goHome(anna);
});
