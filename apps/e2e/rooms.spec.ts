import { expect, type Page, test } from '@playwright/test';
import {
  createRoom,
  enterButton,
  goHome,
  joinCall,
  joinRoom,
  leaveCall,
  openBrowser,
  type Person,
  say,
  signUp,
} from './support/people';

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const composer = (page: Page) => page.getByLabel('Message', { exact: true });
const clipboard = (page: Page): Promise<string> => page.evaluate(() => navigator.clipboard.readText());

test('a room is private unless one says otherwise', async ({ browser }) => {
  const anna = await signUp(browser, 'anna');
  await expect(anna.page.getByRole('radio', { name: /private/i })).toBeChecked();
  await anna.page.getByLabel('Room name', { exact: true }).fill('Diary');
  await button(anna.page, 'Create room').click();
  await button(anna.page, 'Room settings').click();
  await expect(anna.page.getByRole('radio', { name: 'Private', exact: true })).toBeChecked();
  await goHome(anna);
});

test('the link of a public room shows it, and only "Join" joins it', async ({ browser }) => {
  const [anna, bob] = [await signUp(browser, 'anna'), await signUp(browser, 'bob')];
  const roomId = await createRoom(anna, 'Market square');
  await bob.page.goto(`/r/${roomId}`);
  await expect(bob.page.getByRole('heading', { name: 'Market square', exact: true })).toBeVisible();
  await expect(bob.page.getByText('1 member', { exact: true })).toBeVisible();
  await expect(composer(bob.page)).toHaveCount(0);
  await bob.page.goto('/');
  await expect(bob.page.getByRole('link', { name: /Market square/ })).toHaveCount(0);
  await expect(anna.page.getByText('1 member', { exact: true })).toBeVisible();

  await bob.page.goto(`/r/${roomId}`);
  await button(bob.page, 'Join').click();
  await expect(composer(bob.page)).toBeVisible();
  await expect(anna.page.getByText('2 members', { exact: true })).toBeVisible();
  expect([...anna.complaints, ...bob.complaints]).toEqual([]);
  await goHome(anna, bob);
});

test('a quiet room offers to start a call, with or without video, and a running one to join it', async ({
  browser,
}) => {
  const [anna, bob] = [await signUp(browser, 'anna'), await signUp(browser, 'bob')];
  const roomId = await createRoom(anna, 'Two buttons');
  await joinRoom(bob, roomId);
  await expect(enterButton(bob.page)).toHaveText('Start call');
  await button(bob.page, 'Start with video').click();
  await expect(button(bob.page, 'Turn camera off')).toBeVisible();

  await expect(enterButton(anna.page)).toHaveAccessibleName('Join call');
  await expect(enterButton(anna.page)).toContainText('1');
  await expect(anna.page.getByText(new RegExp(`in the call: ${bob.name}`))).toBeAttached();
  await expect(button(anna.page, 'Start with video')).toHaveCount(0);
  await leaveCall(bob.page);

  // The camera is not on again because it was the last time.
  await expect(enterButton(bob.page)).toHaveAccessibleName('Start call');
  await joinCall(bob.page);
  await expect(button(bob.page, 'Turn camera on')).toBeVisible();
  await leaveCall(bob.page);
  await goHome(anna, bob);
});

test('"Invite" gives a copied link with a QR code, the same one the next time, and copies it again later', async ({
  browser,
}) => {
  const anna = await signUp(browser, 'anna');
  const { page } = anna;
  await createRoom(anna, 'Harbour', 'private');
  await button(page, 'Invite').click();
  const field = page.getByLabel('Invitation link', { exact: true });
  await expect(field).toHaveValue(/\/join\/[\w-]{43}$/);
  const link = await field.inputValue();
  await expect(page.getByText('The link is copied')).toBeVisible();
  expect(await clipboard(page)).toBe(link);
  await expect(page.getByRole('img', { name: 'QR code of the invitation link' }).locator('path')).toHaveAttribute(
    'd',
    /M/,
  );
  await button(page, 'Done').click();

  await page.reload();
  await button(page, 'Invite').click();
  await expect(field).toHaveValue(link);
  await button(page, 'Other links').click();
  await page.evaluate(() => navigator.clipboard.writeText(''));
  await expect(page.getByText('Joins as guest')).toHaveCount(1);
  await button(page, 'Copy link').click();
  await expect.poll(() => clipboard(page)).toBe(link);

  const guest = await openBrowser(browser);
  await guest.page.goto(new URL(link).pathname);
  await expect(guest.page.getByText('Harbour')).toBeVisible();
  expect(anna.complaints).toEqual([]);
  await goHome(anna, { ...guest, name: '', email: '' });
});

test('a plain member invites to a public room, and not to a private one', async ({ browser }) => {
  const people: Person[] = [];
  for (const name of ['anna', 'bob', 'carl']) people.push(await signUp(browser, name));
  const [anna, bob, carl] = people as [Person, Person, Person];
  const roomId = await createRoom(anna, 'Fountain');
  await joinRoom(bob, roomId);
  await button(bob.page, 'Invite').click();
  const link = await bob.page.getByLabel('Invitation link', { exact: true }).inputValue();
  await button(bob.page, 'Done').click();
  await carl.page.goto(new URL(link).pathname);
  await expect(carl.page.getByText(bob.name)).toBeVisible();

  await button(anna.page, 'Room settings').click();
  await anna.page.getByRole('radio', { name: 'Private', exact: true }).check();
  await expect(button(bob.page, 'Invite')).toHaveCount(0);
  await carl.page.reload();
  await expect(carl.page.getByText('This invitation is no longer valid.')).toBeVisible();
  await goHome(...people);
});

test('the cursor is in the composer when a room opens, but not on a touch screen', async ({ browser }) => {
  const anna = await signUp(browser, 'anna');
  const roomId = await createRoom(anna, 'Ready to write');
  await expect(composer(anna.page)).toBeFocused();
  await createRoom(anna, 'Another one');
  await anna.page.getByRole('link', { name: /Ready to write/ }).click();
  await expect(anna.page.getByRole('heading', { name: 'Ready to write', exact: true })).toBeVisible();
  await expect(composer(anna.page)).toBeFocused();
  await anna.page.keyboard.type('straight away');
  await expect(composer(anna.page)).toHaveValue('straight away');

  const storageState = await anna.context.storageState();
  const tablet = await browser.newContext({
    baseURL: new URL(anna.page.url()).origin,
    storageState,
    hasTouch: true,
    isMobile: true,
    viewport: { width: 1180, height: 820 },
  });
  const page = await tablet.newPage();
  await page.goto(`/r/${roomId}`);
  await expect(composer(page)).toBeVisible();
  await expect(composer(page)).not.toBeFocused();
  await tablet.close();
  await goHome(anna);
});

/** Whether the tools of the message cover any text in the log: of it, or of a neighbour. */
async function coveredTexts(page: Page): Promise<string[]> {
  return page.getByRole('group', { name: 'Actions', exact: true }).evaluate((tools) => {
    const area = tools.getBoundingClientRect();
    const walker = document.createTreeWalker(tools.closest('[role=log]') ?? document.body, NodeFilter.SHOW_TEXT);
    const covered: string[] = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (!node.textContent?.trim() || tools.contains(node)) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const hit = [...range.getClientRects()].some(
        ({ left, right, top, bottom }) =>
          left < area.right && right > area.left && top < area.bottom && bottom > area.top && right - left > 1,
      );
      if (hit) covered.push(node.textContent);
    }
    return covered;
  });
}

test('the tools of a message cover no text, and come by pressing and holding on a touch screen', async ({
  browser,
}) => {
  const anna = await signUp(browser, 'anna');
  const { page } = anna;
  const roomId = await createRoom(anna, 'Long lines');
  const long = 'every line of this is as wide as it can be '.repeat(8).trim();
  for (const text of [long, 'short', long]) await say(anna, text);
  const articles = page.getByRole('article');
  await expect(articles).toHaveCount(3);
  for (const width of [1280, 700]) {
    await page.setViewportSize({ width, height: 800 });
    for (const index of [0, 1, 2]) {
      await articles.nth(index).hover();
      await expect(button(page, 'Edit')).toHaveCount(1);
      expect(await coveredTexts(page), `message ${index} at ${width} px`).toEqual([]);
    }
  }

  const phone = await browser.newContext({
    baseURL: new URL(page.url()).origin,
    storageState: await anna.context.storageState(),
    hasTouch: true,
    isMobile: true,
    viewport: { width: 390, height: 844 },
  });
  const touched = await phone.newPage();
  await touched.goto(`/r/${roomId}`);
  const short = touched.getByRole('article').filter({ has: touched.getByText('short', { exact: true }) });
  await short.tap();
  await expect(button(touched, 'Edit')).toBeHidden();
  const box = await short.boundingBox();
  const devtools = await phone.newCDPSession(touched);
  const touchPoints = [{ x: (box?.x ?? 0) + 80, y: (box?.y ?? 0) + 10 }];
  await devtools.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints });
  await expect(button(touched, 'Edit')).toBeVisible();
  await devtools.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await expect(button(touched, 'Copy text')).toBeVisible();
  expect(await coveredTexts(touched)).toEqual([]);
  await composer(touched).tap();
  await expect(button(touched, 'Edit')).toBeHidden();
  await phone.close();
  await goHome(anna);
});
