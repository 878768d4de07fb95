import { expect, type Locator, type Page, test } from '@playwright/test';
import { ask, befriend, openDirectRoom } from './support/contacts';
import { goHome, log, type Person, say, signUp } from './support/people';

const button = (page: Page | Locator, name: string): Locator => page.getByRole('button', { name, exact: true });

test('people find each other by name, become contacts, and see the presence of each other', async ({ browser }) => {
  const anna = await signUp(browser, 'anna');
  const boris = await signUp(browser, 'boris');
  await ask(anna, boris);
  await expect(boris.page.getByRole('link', { name: /People.*1 request waits/ })).toBeVisible();
  await boris.page.goto('/people');
  await button(boris.page, `Decline ${anna.name}`).click();
  await expect(button(anna.page, `Withdraw your request to ${boris.name}`)).toBeHidden();

  await ask(anna, boris);
  await button(anna.page, `Withdraw your request to ${boris.name}`).click();
  await expect(button(boris.page, `Accept ${anna.name}`)).toBeHidden();

  await befriend(anna, boris);
  const row = anna.page.getByRole('listitem').filter({ has: button(anna.page, `Call ${boris.name}`) });
  await expect(row).toContainText('Online');
  await boris.page.goto('about:blank');
  await expect(row).toContainText('Offline', { timeout: 30_000 });
  expect([...anna.complaints, ...boris.complaints]).toEqual([]);
  await goHome(anna, boris);
});

test('a direct room is live on both sides, and closes when the two are no longer contacts', async ({ browser }) => {
  const anna = await signUp(browser, 'anna');
  const boris = await signUp(browser, 'boris');
  await befriend(anna, boris);
  const room = await openDirectRoom(anna, boris);
  await say(anna, 'Are you there?');
  const link = boris.page.getByRole('link', { name: new RegExp(anna.name) });
  await expect(link).toContainText('Are you there?');
  await expect(link).toContainText('1 unread message');
  expect(await openDirectRoom(boris, anna)).toBe(room);
  await say(boris, 'Always');
  await expect(log(anna.page).getByText('Always')).toBeVisible();
  await expect(button(anna.page, 'Call')).toBeVisible();

  await boris.page.goto('/people');
  await button(boris.page, `Actions for ${anna.name}`).click();
  await boris.page.getByRole('menuitem', { name: 'Block', exact: true }).click();
  await button(boris.page.getByRole('dialog'), 'Block').click();
  await expect(anna.page.getByText(`You and ${boris.name} are not contacts, so you can only read here.`)).toBeVisible();
  await expect(anna.page.getByLabel('Message', { exact: true })).toHaveCount(0);
  await expect(button(anna.page, 'Call')).toHaveCount(0);
  await expect(log(anna.page).getByText('Always')).toBeVisible();

  await boris.page.goto(`/r/${room}`);
  await expect(boris.page.getByText(`You have blocked ${anna.name}, so you can only read here.`)).toBeVisible();
  await boris.page.goto('/people');

  // Anna does not see the block, only that she is no longer a contact; her request waits until the block is removed.
  await ask(anna, boris);
  await expect(boris.page.getByRole('heading', { name: 'Blocked', exact: true })).toBeVisible();
  await expect(button(boris.page, `Accept ${anna.name}`)).toHaveCount(0);
  await button(boris.page, `Unblock ${anna.name}`).click();
  await expect(boris.page.getByRole('heading', { name: 'Blocked', exact: true })).toHaveCount(0);
  await expect(button(boris.page, `Accept ${anna.name}`)).toBeVisible();
  await goHome(anna, boris);
});

test('ringtone and availability settings are kept, general ones and those per contact', async ({ browser }) => {
  const anna = await signUp(browser, 'anna');
  const boris = await signUp(browser, 'boris');
  await befriend(anna, boris);
  const { page } = anna;
  await button(page, `Actions for ${boris.name}`).click();
  await page.getByRole('menuitem', { name: 'Ringtone', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await button(dialog, 'Play Bell').click();
  await expect(button(dialog, 'Play Bell')).toHaveAttribute('aria-pressed', 'true');
  await dialog.getByRole('radio', { name: 'Bell', exact: true }).check();
  await button(dialog, 'Save').click();
  await expect(dialog).toBeHidden();

  await page.goto('/settings');
  await page.getByRole('radio', { name: 'Waves', exact: true }).check();
  await page.getByRole('switch', { name: 'Do not disturb', exact: true }).check();
  await page.getByRole('switch', { name: 'Share when I was last here', exact: true }).check();
  await page.reload();
  await expect(page.getByRole('radio', { name: 'Waves', exact: true })).toBeChecked();
  await expect(page.getByRole('switch', { name: 'Do not disturb', exact: true })).toBeChecked();
  await expect(page.getByRole('switch', { name: 'Share when I was last here', exact: true })).toBeChecked();
  await expect(button(page, 'Do not disturb')).toHaveAttribute('aria-pressed', 'true');
  await page.goto('/people');
  await button(page, `Actions for ${boris.name}`).click();
  await page.getByRole('menuitem', { name: 'Ringtone', exact: true }).click();
  await expect(page.getByRole('radio', { name: 'Bell', exact: true })).toBeChecked();
  expect(anna.complaints).toEqual([]);
  await goHome(anna, boris);
});

test('the page of past calls shows their results and can start a new call', async ({ browser }) => {
  const anna = await signUp(browser, 'anna');
  const boris = await signUp(browser, 'boris');
  await anna.page.goto('/calls');
  await expect(anna.page.getByText('No calls yet')).toBeVisible();
  await befriend(anna, boris);
  await button(anna.page, `Call ${boris.name}`).click();
  await button(boris.page.getByRole('alertdialog'), 'Decline').click();
  await button(anna.page.getByRole('region', { name: 'Call', exact: true }), 'Close').click();
  await button(anna.page, 'Call').click();
  await expect(boris.page.getByRole('alertdialog')).toBeVisible();
  await button(anna.page, 'Leave call').click();
  await anna.page.goto('/calls');
  await boris.page.goto('/calls');
  // The rail contains the same words.
  const past = ({ page }: Person, text: string): Locator =>
    page.getByRole('main').getByRole('listitem').filter({ hasText: text });
  await expect(past(anna, 'Outgoing · Declined')).toHaveCount(1);
  await expect(past(anna, 'Outgoing · Cancelled')).toHaveCount(1);
  await expect(past(boris, 'Missed')).toHaveCount(1);
  await button(boris.page, `Call ${anna.name}`).first().click();
  await button(anna.page.getByRole('alertdialog'), 'Decline').click();
  await expect(boris.page.getByText('Declined', { exact: true })).toBeVisible();
  await goHome(anna, boris);
});
