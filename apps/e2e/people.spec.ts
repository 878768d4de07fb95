import { expect, test } from '@playwright/test';
import { befriend } from './support/contacts';
import { expectInflow } from './support/media';
import {
  createRoom,
  freshName,
  goHome,
  guestLink,
  joinCall,
  joinRoom,
  log,
  openBrowser,
  PASSWORD,
  say,
  signUp,
} from './support/people';

test('a link to a room leads through sign-in into the room', async ({ browser }) => {
  const anna = await signUp(browser, 'anna');
  const roomId = await createRoom(anna, 'Linked');
  await anna.page.goto('/settings');
  await anna.page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await expect(anna.page.getByRole('button', { name: 'Sign in', exact: true })).toBeVisible();

  await anna.page.goto(`/r/${roomId}`);
  await anna.page.getByLabel('Email or username', { exact: true }).fill(anna.email);
  await anna.page.getByLabel('Password', { exact: true }).fill('not the password');
  await anna.page.getByLabel('Password', { exact: true }).press('Enter');
  await expect(anna.page.getByText(/do not match/)).toBeVisible();
  await anna.page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await anna.page.getByLabel('Password', { exact: true }).press('Enter');
  await expect(anna.page.getByRole('heading', { name: 'Linked' })).toBeVisible();
  expect(new URL(anna.page.url()).pathname).toBe(`/r/${roomId}`);
  await goHome(anna);
});

test('a page whose code is lost on the way is loaded again by itself', async ({ browser }) => {
  const anna = await signUp(browser, 'anna');
  const start = await (await anna.page.request.get('/')).text();
  // The network drops one of the files that are fetched after the start: the texts come first, then the page itself.
  for (const lost of [1, 3]) {
    let fetched = 0;
    await anna.page.route(/\.js$/, (route) => {
      const atStart = start.includes(new URL(route.request().url()).pathname.slice(1));
      if (!atStart) fetched += 1;
      return !atStart && fetched === lost ? route.abort('connectionreset') : route.continue();
    });
    await anna.page.goto('/settings');
    await expect(anna.page.getByRole('heading', { name: 'Settings', exact: true }).first()).toBeVisible();
    expect(fetched).toBeGreaterThan(lost);
    await anna.page.unrouteAll();
    // A page reloads itself once a minute at most.
    await anna.page.evaluate(() => sessionStorage.clear());
  }
  anna.complaints.length = 0;
  await goHome(anna);
});

test('the sign-up link fills in its code, wrong input is reported at the field, and right input signs up', async ({
  browser,
}) => {
  const { page, context, complaints } = await openBrowser(browser);
  await page.goto('/sign-up#code=not-the-code');
  await expect(page.getByLabel('Registration code', { exact: true })).toHaveValue('not-the-code');
  // Each label matches exactly one field: no other label on the page contains it.
  for (const name of ['Username', 'Email', 'Password', 'Registration code']) {
    await expect(page.getByLabel(name)).toHaveCount(1);
  }
  await page.getByLabel('Username', { exact: true }).fill('no');
  await page.getByLabel('Email', { exact: true }).fill(`${freshName('x')}@example.org`);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign up', exact: true }).click();
  await expect(page.getByText(/3.32/)).toBeVisible();
  await page.getByLabel('Username', { exact: true }).fill(freshName('nobody'));
  await page.getByRole('button', { name: 'Sign up', exact: true }).click();
  await expect(page.getByText(/code/i).filter({ hasText: /not right|wrong/i })).toBeVisible();
  await page.getByLabel('Registration code', { exact: true }).fill(process.env['WEBCALL_CODE'] ?? '');
  await page.getByRole('button', { name: 'Sign up', exact: true }).click();
  await expect(page.getByLabel('Room name', { exact: true })).toBeVisible();
  await page.reload();
  await expect(page.getByLabel('Room name', { exact: true })).toBeVisible();
  expect(complaints).toEqual([]);
  await context.close();
});

test('a guest joins by an invitation with only a name, chats and joins the call', async ({ browser }) => {
  const anna = await signUp(browser, 'anna');
  await createRoom(anna, 'Family', 'private');
  const link = await guestLink(anna.page);

  const { page, context, complaints } = await openBrowser(browser);
  await page.goto(link);
  await expect(page.getByText('Family')).toBeVisible();
  await expect(page.getByText(anna.name)).toBeVisible();
  await page.getByLabel('Your name', { exact: true }).fill('Uncle Vanya');
  await page.getByRole('button', { name: 'Join as guest', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Family' })).toBeVisible();
  const guest = { name: 'Uncle Vanya', email: '', page, context, complaints };
  await say(guest, 'greetings from the orchard');
  await expect(log(anna.page).getByText('greetings from the orchard')).toBeVisible();

  await anna.page.getByRole('button', { name: 'Close room settings', exact: true }).click();
  await joinCall(anna.page);
  await joinCall(guest.page);
  await expectInflow(page, 1, ['energy']);
  await expectInflow(anna.page, 1, ['energy']);
  expect(complaints).toEqual([]);
  await goHome(anna, guest);
});

test('a removed member loses the room at once', async ({ browser }) => {
  const anna = await signUp(browser, 'anna');
  const bob = await signUp(browser, 'bob');
  const roomId = await createRoom(anna, 'Strict');
  await joinRoom(bob, roomId);
  await anna.page.getByRole('button', { name: 'Members', exact: true }).click();
  const row = anna.page.getByRole('listitem').filter({ hasText: bob.name });
  await row.getByRole('button', { name: `Actions for ${bob.name}`, exact: true }).click();
  await anna.page.getByRole('menuitem', { name: 'Remove from room', exact: true }).click();
  await anna.page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(bob.page.getByLabel('Message', { exact: true })).toBeHidden();
  await goHome(anna, bob);
});

test('lists are complete when the server sends them in pages', async ({ browser }) => {
  const anna = await signUp(browser, 'anna');
  const bob = await signUp(browser, 'bob');
  const { page } = anna;
  await befriend(anna, bob);
  const roomId = await createRoom(anna, 'Oldest');
  await joinRoom(bob, roomId);
  for (const name of ['Middle', 'Newest']) await createRoom(anna, name);
  // Pages of one entry simulate a long list.
  await page.context().route(/\/api\/v1\/(rooms|contacts|rooms\/[^/]+\/members)(\?|$)/, async (route) => {
    const url = new URL(route.request().url());
    url.searchParams.set('limit', '1');
    if (route.request().method() === 'GET') await route.continue({ url: url.href });
    else await route.continue();
  });
  await page.goto(`/r/${roomId}`);
  const rooms = page.getByRole('navigation', { name: 'Rooms', exact: true });
  for (const name of ['Newest', 'Middle', 'Oldest']) await expect(rooms.getByText(name, { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Members', exact: true }).click();
  const member = (name: string) => page.getByRole('listitem').filter({ hasText: name });
  await expect(member(anna.name)).toBeVisible();
  await expect(member(bob.name)).toBeHidden();
  await page.getByRole('button', { name: 'Show more', exact: true }).click();
  await expect(member(bob.name)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Show more', exact: true })).toBeHidden();
  expect(anna.complaints).toEqual([]);
  await goHome(anna, bob);
});

test('language and theme change at once and are saved', async ({ browser }) => {
  const anna = await signUp(browser, 'anna');
  const { page } = anna;
  await page.goto('/settings');
  await page.getByRole('radio', { name: 'Русский', exact: true }).check();
  await expect(page.getByRole('heading', { name: 'Настройки' }).first()).toBeVisible();
  await page.getByRole('radio', { name: 'Тёмная', exact: true }).check();
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Настройки' }).first()).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect(page.locator('html')).toHaveAttribute('lang', 'ru');
  expect(anna.complaints).toEqual([]);
  await goHome(anna);
});

test('deleting the account requires the password, and its messages stay without a name', async ({ browser }) => {
  const anna = await signUp(browser, 'anna');
  const bob = await signUp(browser, 'bob');
  const roomId = await createRoom(anna, 'Farewell');
  await joinRoom(bob, roomId);
  await say(anna, 'goodbye');
  await expect(log(bob.page).getByText('goodbye')).toBeVisible();
  await anna.page.goto('/settings');
  await anna.page.getByRole('button', { name: 'Delete account', exact: true }).click();
  const dialog = anna.page.getByRole('dialog');
  await dialog.getByLabel('Your password', { exact: true }).fill(PASSWORD);
  await dialog.getByRole('button', { name: 'Delete for good', exact: true }).click();
  await expect(anna.page.getByRole('button', { name: 'Sign in', exact: true })).toBeVisible();
  await bob.page.reload();
  await expect(log(bob.page).getByText('goodbye')).toBeVisible();
  await expect(bob.page.getByText('Deleted user').first()).toBeVisible();
  await goHome(anna, bob);
});
