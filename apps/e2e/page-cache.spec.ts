import { type Browser, chromium, expect, type Page, test } from '@playwright/test';
import { deleteAccount, endOtherSessions } from './support/api';
import { createRoom, goHome, log, type Person, say, signUp } from './support/people';

/** A browser that keeps pages which are left, as people's browsers do; Playwright switches that off. */
let browser: Browser;

test.beforeAll(async ({ launchOptions }) => {
  const executablePath = process.env['WEBCALL_BROWSER'] || undefined;
  const ignoreDefaultArgs = ['--disable-back-forward-cache'];
  browser = await chromium.launch({ ...launchOptions, executablePath, ignoreDefaultArgs });
});
test.afterAll(() => browser.close());

const SECRET = 'the key is under the mat';
const RETURNED = 'returned';

/** Notes whether a page shows anything when it comes back from the cache, before any code of the page runs. */
async function noteReturns(page: Page): Promise<void> {
  await page.addInitScript((key) => {
    addEventListener('pageshow', ({ persisted }) => {
      if (persisted) localStorage.setItem(key, String(document.body.checkVisibility()));
    });
  }, RETURNED);
}

const returnedVisible = ({ page }: Person) => page.evaluate((key) => localStorage.getItem(key), RETURNED);

/** Presses Back and waits for another document: Playwright does not notice one that returns from the cache. */
async function goBack({ page }: Person): Promise<void> {
  await page.evaluate(() => {
    Object.assign(window, { isLeft: true });
    setTimeout(() => history.back());
  });
  await page.waitForFunction(() => !('isLeft' in window));
}

const signInButton = ({ page }: Person) => page.getByRole('button', { name: 'Sign in', exact: true });

async function signOut(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Settings' }).first().click();
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
}

/** Someone whose room shows a secret. */
async function signUpWithSecret(): Promise<Person> {
  const anna = await signUp(browser, 'anna');
  await noteReturns(anna.page);
  await anna.page.reload();
  await createRoom(anna, 'Burrow', 'private');
  await say(anna, SECRET);
  await expect(log(anna.page).getByText(SECRET)).toBeVisible();
  return anna;
}

async function expectNothingLeft(anna: Person): Promise<void> {
  await expect(signInButton(anna)).toBeVisible();
  await expect(anna.page.getByText(SECRET)).toHaveCount(0);
  await expect(anna.page.getByText('Burrow')).toHaveCount(0);
}

test('Back after signing out shows neither rooms nor messages, also when pressed twice', async () => {
  const anna = await signUpWithSecret();
  await signOut(anna.page);
  await expect(signInButton(anna)).toBeVisible();
  for (let i = 0; i < 2; i++) {
    await anna.page.goBack();
    await expectNothingLeft(anna);
  }
  expect(await returnedVisible(anna)).not.toBe('true');
  expect(await anna.page.evaluate(() => [...Object.keys(localStorage), ...Object.keys(sessionStorage)])).not.toContain(
    'webcall.user.id',
  );
  await goHome(anna);
});

const ENDINGS: [string, (anna: Person) => Promise<void>][] = [
  [
    'in another tab',
    async ({ context }) => {
      const other = await context.newPage();
      await other.goto('/settings');
      await signOut(other);
      await expect(other.getByRole('button', { name: 'Sign in', exact: true })).toBeVisible();
    },
  ],
  ['on another device', endOtherSessions],
  ['with the account', deleteAccount],
];

for (const [where, end] of ENDINGS) {
  test(`Back to a page shows nothing of a session that has ended ${where}`, async () => {
    const anna = await signUpWithSecret();
    await anna.page.goto('/healthz');
    await end(anna);
    await goBack(anna);
    await expectNothingLeft(anna);
    expect(await returnedVisible(anna)).toBe('false');
    await goHome(anna);
  });
}

test('Back to a page whose session goes on shows the room again', async () => {
  const anna = await signUpWithSecret();
  await anna.page.goto('/healthz');
  await goBack(anna);
  await expect(log(anna.page).getByText(SECRET)).toBeVisible();
  expect(await returnedVisible(anna)).toBe('false');
  await goHome(anna);
});

test('Back, pressed before the sign-in page has arrived, does not show the room', async () => {
  const anna = await signUpWithSecret();
  await anna.page.getByRole('link', { name: 'Settings' }).first().click();
  // The page never arrives, and Back is pressed once the session has ended.
  await anna.page.route(/\/sign-in$/, () => undefined);
  await anna.page.evaluate(() => {
    new MutationObserver(() => history.back()).observe(document.documentElement, { attributeFilter: ['hidden'] });
  });
  const signOutButton = anna.page.getByRole('button', { name: 'Sign out', exact: true });
  await signOutButton.dispatchEvent('click');
  await expectNothingLeft(anna);
  await goHome(anna);
});
