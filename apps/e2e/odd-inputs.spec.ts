import { expect, test } from '@playwright/test';
import { layWire } from './support/flaky-network';
import { createRoom, goHome, guestLink, joinAsGuest, log, openBrowser, say, serverUrl, signUp } from './support/people';

/** What people write around links, with each link's text and where it leads. */
const LINKS: [text: string, ...links: [shown: string, target: string][]][] = [
  [
    "https://en.wikipedia.org/wiki/Hobson's_choice",
    ["https://en.wikipedia.org/wiki/Hobson's_choice", "https://en.wikipedia.org/wiki/Hobson's_choice"],
  ],
  ['见https://example.org/docs（说明）了解', ['https://example.org/docs', 'https://example.org/docs']],
  ['https://example.com。', ['https://example.com', 'https://example.com/']],
  ['“https://example.org/a“', ['https://example.org/a', 'https://example.org/a']],
  ['**https://example.org/b**', ['https://example.org/b', 'https://example.org/b']],
  ['www.example.org,www.b.org', ['www.example.org', 'https://www.example.org/'], ['www.b.org', 'https://www.b.org/']],
  ['_https://example.org/_', ['https://example.org/', 'https://example.org/']],
  ['https://example.org/\u202Egpj.exe', ['https://example.org/', 'https://example.org/']],
  [
    'https://www.google.com@evil.example/',
    ['https://www.google.com@evil.example/', 'https://www.google.com@evil.example/'],
  ],
  ['https://аррӏе.com/', ['https://аррӏе.com/', 'https://xn--80ak6aa92e.com/']],
];

test('a link ends where the sentence goes on, and its host is shown where its text deceives', async ({ browser }) => {
  const anna = await signUp(browser, 'anna');
  await createRoom(anna, 'Sources');
  await say(anna, LINKS.map(([text]) => text).join('\n'));
  const message = log(anna.page).getByRole('article');
  await expect(message.getByRole('link')).toHaveCount(LINKS.flatMap(([, ...links]) => links).length);
  const links = await message
    .getByRole('link')
    .evaluateAll((all) => all.map((link) => [link.textContent, (link as HTMLAnchorElement).href]));
  expect(links).toEqual(LINKS.flatMap(([, ...expected]) => expected));
  await expect(message).toContainText('https://www.google.com@evil.example/ (evil.example)');
  await expect(message).toContainText('https://аррӏе.com/ (xn--80ak6aa92e.com)');
  await expect(message.getByText(/^\s*\(.*\)$/)).toHaveCount(2);
  await goHome(anna);
});

test('a text without anything to see is neither sent nor made by editing', async ({ browser }) => {
  const anna = await signUp(browser, 'anna');
  const { page } = anna;
  await createRoom(anna, 'Fog');
  await say(anna, 'first');
  const composer = page.getByLabel('Message', { exact: true });
  const messages = log(page).getByRole('article');
  await expect(messages).toHaveCount(1);
  const refuseUnseen = async (button: 'Send' | 'Save') => {
    for (const text of ['\u200B', '\u3164', '\u2800', '\u2060', '\u202E', '\u00AD']) {
      await composer.fill(text);
      await expect(page.getByRole('button', { name: button, exact: true })).toHaveAttribute('aria-disabled', 'true');
      await composer.press('Enter');
      await expect(composer).toHaveValue(text);
    }
  };
  await refuseUnseen('Send');
  await composer.fill('');
  await messages.first().hover();
  await messages.first().getByRole('button', { name: 'Edit', exact: true }).click();
  await refuseUnseen('Save');
  await composer.press('Escape');
  // What was sent before it would stand above it.
  await say(anna, 'last');
  await expect(messages.getByText('last', { exact: true })).toBeVisible();
  await expect(messages).toHaveCount(2);
  await expect(messages.first()).toContainText('first');
  await expect(log(page).getByText('(edited)')).toHaveCount(0);
  await goHome(anna);
});

test('an invitation opens with the end of its sentence behind it, for guests with a name in any script', async ({
  browser,
}) => {
  const anna = await signUp(browser, 'anna');
  await createRoom(anna, 'Open house', 'private');
  const link = await guestLink(anna.page);
  await anna.page.getByRole('button', { name: 'Close room settings', exact: true }).click();
  await anna.page.getByRole('button', { name: 'Members', exact: true }).click();
  const members = anna.page.getByRole('complementary', { name: 'Members', exact: true });
  for (const [mark, name] of [
    ['.', 'علی\u200Cرضا'],
    [',', '🏳️\u200D🌈'],
  ] as const) {
    const guest = await joinAsGuest(browser, link + mark, name);
    await expect(members.getByText(name, { exact: true })).toBeVisible();
    await goHome(guest);
  }

  const other = await openBrowser(browser);
  await other.page.route('**/join/*', (route) =>
    route.continue({ headers: { ...route.request().headers(), accept: 'application/xhtml+xml' } }),
  );
  await other.page.goto(`${link}.`);
  await expect(other.page.getByRole('heading', { name: 'Open house' })).toBeVisible();
  await other.context.close();
  await goHome(anna);
});

test('a language tag that Intl throws on empties no list', async ({ browser }) => {
  const anna = await signUp(browser, 'anna');
  const roomId = await createRoom(anna, 'Babel');
  await say(anna, 'can you read this?');
  await expect(log(anna.page).getByText('can you read this?')).toBeVisible();
  for (const tag of ['en-US@posix', 'en-', 'C']) {
    const page = await anna.context.newPage();
    await page.addInitScript(
      (languages) => {
        Object.defineProperty(Navigator.prototype, 'languages', { get: () => languages });
      },
      [tag],
    );
    await page.goto(`/r/${roomId}`);
    await expect(log(page).getByText('can you read this?')).toBeVisible();
    await expect(log(page).getByRole('heading')).toHaveText(['Today']);
    await expect(log(page).getByRole('article').locator('time')).toHaveText(/^\d\d?:\d\d/);
    await page.close();
  }
  await goHome(anna);
});

test('“Today” ends at midnight, and a message on its way has no day line of a wrong clock', async ({ browser }) => {
  const wire = await layWire(serverUrl());
  const anna = await signUp(browser, 'anna', { baseURL: wire.url });
  const { page } = anna;
  const roomId = await createRoom(anna, 'Night shift');
  await say(anna, 'still up?');
  const sentAt = log(page).getByRole('article').locator('time');
  const midnight = await sentAt.evaluate((time) => new Date(time.getAttribute('datetime') ?? '').setHours(24, 0, 0, 0));
  await page.clock.install({ time: midnight - 10 * 60_000 });
  await page.goto(`/r/${roomId}`);
  const days = log(page).getByRole('heading');
  const railTime = page.getByRole('link', { name: /Night shift/ }).locator('time');
  await expect(days).toHaveText(['Today']);
  await expect(railTime).toHaveText(/^\d\d?:\d\d/);
  await page.clock.fastForward(11 * 60_000);
  await expect(days).toHaveText(['Yesterday']);
  await expect(railTime).toHaveText(/^[A-Z][a-z]{2}$/);

  wire.cut();
  await say(anna, 'nobody there');
  await expect(log(page).getByText('nobody there')).toBeVisible();
  await expect(days).toHaveText(['Yesterday']);
  await goHome(anna);
  await wire.close();
});
