import { expect, test } from '@playwright/test';
import { createRoom, goHome, openBrowser, PASSWORD, signUp } from './support/people';

test('fields that a password manager fills without an event are sent', async ({ browser }) => {
  const anna = await signUp(browser, 'anna');
  const other = await openBrowser(browser);
  await other.page.goto('/sign-in');
  await other.page.getByLabel('Email or username', { exact: true }).evaluate((field, value) => {
    (field as HTMLInputElement).value = value;
  }, anna.email);
  await other.page.getByLabel('Password', { exact: true }).evaluate((field, value) => {
    (field as HTMLInputElement).value = value;
    field.dispatchEvent(new Event('change', { bubbles: true }));
  }, PASSWORD);
  await other.page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(other.page.getByLabel('Room name', { exact: true })).toBeVisible();
  await other.context.close();
  await goHome(anna);
});

test('a text of a million characters is said to be too long at once, and is not stored at each key', async ({
  browser,
}) => {
  const anna = await signUp(browser, 'anna');
  const { page } = anna;
  const roomId = await createRoom(anna, 'Long words');
  await page.evaluate(() => {
    const setItem = Storage.prototype.setItem;
    Object.assign(globalThis, { storedLength: 0 });
    Storage.prototype.setItem = function (key, value) {
      (globalThis as unknown as { storedLength: number }).storedLength += value.length;
      setItem.call(this, key, value);
    };
  });
  const composer = page.getByLabel('Message', { exact: true });
  await composer.fill('word '.repeat(200_000));
  await expect(page.getByText(/characters too many/)).toBeVisible();
  await expect(page.getByText(/Too long to be kept as a draft/)).toBeVisible();
  await composer.press('End');
  for (let i = 0; i < 5; i += 1) await composer.press('x');
  expect(await composer.inputValue()).toHaveLength(1_000_005);
  expect(await page.evaluate(() => (globalThis as unknown as { storedLength: number }).storedLength)).toBeLessThan(1e5);
  // A shorter one is kept, also when the page is left in the same moment.
  await composer.fill('half a thought');
  await page.goto('/settings');
  await page.goto(`/r/${roomId}`);
  await expect(composer).toHaveValue('half a thought');
  await goHome(anna);
});
