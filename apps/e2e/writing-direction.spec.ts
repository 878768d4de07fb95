import { expect, type Page, test } from '@playwright/test';
import {
  createRoom,
  goHome,
  guestLink,
  joinAsGuest,
  joinCall,
  joinRoom,
  log,
  type Person,
  say,
  signUp,
} from './support/people';
import { readFromLeft, showsItsStart, sideOf } from './support/reading';

const HEBREW = 'שלום לכולם';
const LONG_HEBREW = 'נפגשים הערב בשמונה אצל סבתא רבקה ומביאים איתנו מרק, לחם ויין אדום לכולם';
const RIGHT_TO_LEFT_OVERRIDE = '\u202E';

const reversed = (text: string) => [...text].reverse().join('');
const paragraphOf = (page: Page, text: string) => log(page).getByRole('paragraph').filter({ hasText: text });

/** Says the same in a room as everybody would, and waits until it is there. */
async function sayAll(person: Person, ...texts: string[]): Promise<void> {
  for (const text of texts) {
    await say(person, text);
    await expect(log(person.page).getByText(text, { exact: true })).toBeVisible();
  }
}

test('a message stands on the side where its reading begins, and turns nothing that stands behind it', async ({
  browser,
}) => {
  const [anna, boris] = [await signUp(browser, 'anna'), await signUp(browser, 'boris')];
  const { page } = anna;
  const roomId = await createRoom(anna, 'Garden');
  await joinRoom(boris, roomId);
  const composer = page.getByLabel('Message', { exact: true });
  await composer.fill(HEBREW);
  await expect(composer).toHaveCSS('direction', 'rtl');
  await sayAll(anna, HEBREW, 'hello everyone', `abc${RIGHT_TO_LEFT_OVERRIDE}def`, 'see https://example.org/a');
  expect(await sideOf(log(page).getByText(HEBREW))).toBe('right');
  expect(await sideOf(log(page).getByText('hello everyone'))).toBe('left');

  for (const [text, edited, seen] of [
    [`abc${RIGHT_TO_LEFT_OVERRIDE}def`, `abc${RIGHT_TO_LEFT_OVERRIDE}xyz`, 'abczyx (edited)'],
    ['see https', `https://example.org/ ${RIGHT_TO_LEFT_OVERRIDE}abc`, 'https://example.org/ cba (edited)'],
    [HEBREW, 'שלום', `(edited) ${reversed('שלום')}`],
  ] as const) {
    const message = log(page).getByRole('article').filter({ hasText: text });
    await message.hover();
    await message.getByRole('button', { name: 'Edit', exact: true }).click();
    await composer.fill(edited);
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await expect(paragraphOf(page, edited)).toContainText('(edited)');
    expect(await readFromLeft(paragraphOf(page, edited))).toBe(seen);
  }

  // In a direct room the time stands inside, at the end of the text.
  await log(boris.page).getByRole('button', { name: anna.name, exact: true }).click();
  await boris.page.getByRole('dialog').getByRole('button', { name: 'Write', exact: true }).click();
  await expect(boris.page.getByRole('heading', { name: anna.name, exact: true })).toBeVisible();
  await sayAll(boris, HEBREW, 'hello everyone');
  await page.goto(new URL(boris.page.url()).pathname);
  for (const someone of [anna, boris]) {
    await expect(log(someone.page).getByText(HEBREW)).toBeVisible();
    expect(await sideOf(log(someone.page).getByText(HEBREW))).toBe('right');
    expect(await sideOf(log(someone.page).getByText('hello everyone'))).toBe('left');
    const time = paragraphOf(someone.page, HEBREW).locator('time');
    expect(await sideOf(time)).toBe('left');
    expect(await readFromLeft(time)).toMatch(/^\d\d?:\d\d\s[AP]M$/);
  }
  await goHome(anna, boris);
});

test('names in Hebrew keep what stands around them in order, and are cut at their own end', async ({ browser }) => {
  const [roomName, guestName] = ['חדר המשפחה הגדולה של סבתא רבקה וסבא משה', 'דנה'];
  const anna = await signUp(browser, 'anna');
  const { page } = anna;
  await createRoom(anna, roomName, 'private');
  await expect(page).toHaveTitle(`\u2068${roomName}\u2069 · WebCall`);
  const dana = await joinAsGuest(browser, await guestLink(page), guestName);
  await page.getByRole('button', { name: 'Close room settings', exact: true }).click();

  const row = page.getByRole('navigation', { name: 'Rooms', exact: true }).getByRole('link', { name: roomName });
  const lastLine = row.locator('.last');
  await say(dana, 'hello');
  await expect(row).toContainText('hello');
  expect(await readFromLeft(lastLine)).toBe(`${reversed(guestName)}: hello`);
  await say(dana, LONG_HEBREW);
  await expect(row).toContainText(LONG_HEBREW);
  expect(await showsItsStart(row.getByText(LONG_HEBREW))).toBe(true);
  expect(await showsItsStart(row.getByText(roomName))).toBe(true);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await showsItsStart(page.getByRole('heading', { level: 1 }).getByText(roomName))).toBe(true);
  await page.setViewportSize({ width: 1280, height: 800 });

  await joinCall(page);
  await joinCall(dana.page);
  await expect(page).toHaveTitle(/ · \u2068[^\u2068\u2069]+\u2069 · WebCall$/);
  const actOnDana = async (action: string): Promise<void> => {
    await page.getByRole('button', { name: /^Actions for / }).click();
    await page.getByRole('menuitem', { name: action, exact: true }).click();
  };
  await actOnDana('Mute');
  await expect(dana.page.getByText('A moderator has muted you')).toBeVisible();
  await actOnDana('Ask to unmute');
  const toast = page.getByText(/was asked to unmute$/);
  await expect(toast).toBeVisible();
  expect(await readFromLeft(toast)).toBe(`${reversed(guestName)} was asked to unmute`);
  await actOnDana('Remove from call');
  const question = page.getByRole('dialog').getByRole('heading');
  await expect(question).toBeVisible();
  expect(await readFromLeft(question)).toBe(`Remove ${reversed(guestName)} from the call?`);
  await goHome(anna, dana);
});
