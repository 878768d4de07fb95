import { expect, type Locator, type Page, test } from '@playwright/test';
import { createRoom, goHome, joinCall, joinRoom, type Person, signUp } from './support/people';
import { shareDrawnScreen } from './support/screen';

async function inCall(browser: Parameters<typeof signUp>[0], ...names: string[]): Promise<Person[]> {
  const people: Person[] = [];
  for (const name of names) people.push(await signUp(browser, name));
  const [first, ...others] = people as [Person, ...Person[]];
  const roomId = await createRoom(first, `Stage of ${names.join(' and ')}`);
  for (const other of others) await joinRoom(other, roomId);
  for (const { page } of people) await joinCall(page);
  for (const { page } of people) await expect(page.getByTestId('tile')).toHaveCount(people.length);
  return people;
}

const boxOf = async (element: Locator) => {
  const box = await element.boundingBox();
  if (!box) throw new Error('the element is not shown');
  return box;
};

/** Share of the window that the shared picture itself takes, without the bars around it. */
function screenShare(page: Page): Promise<number> {
  return page
    .getByTestId('screen')
    .locator('video')
    .evaluate((video: HTMLVideoElement) => {
      const { videoWidth: width, videoHeight: height } = video;
      if (!width) return 0;
      const scale = Math.min(video.clientWidth / width, video.clientHeight / height);
      return (width * height * scale * scale) / (innerWidth * innerHeight);
    });
}

const chat = (page: Page): Locator => page.getByLabel('Message', { exact: true });
const button = (page: Page, name: string | RegExp): Locator => page.getByRole('button', { name, exact: true });

test('a shared screen gets the window: chat closed, rail folded, the others in a strip', async ({ browser }) => {
  const people = await inCall(browser, 'uma', 'vic');
  const [uma, vic] = people as [Person, Person];
  await uma.page.setViewportSize({ width: 1280, height: 800 });
  await shareDrawnScreen(vic.page);
  await expect.poll(() => screenShare(uma.page)).toBeGreaterThan(0.55);
  await expect(chat(uma.page)).toBeHidden();
  const screen = await boxOf(uma.page.getByTestId('screen'));
  for (const tile of await uma.page.getByTestId('tile').all()) {
    const { x, y, width, height } = await boxOf(tile);
    expect(x >= screen.x + screen.width || y + height <= screen.y).toBe(true);
    expect(width * height).toBeLessThan((screen.width * screen.height) / 8);
  }
  // Chat and rooms are one key or press away, and the rail comes back with the call out of sight.
  await uma.page.keyboard.press('c');
  await expect(chat(uma.page)).toBeVisible();
  await uma.page.keyboard.press('Escape');
  await expect(chat(uma.page)).toBeHidden();
  const rail = uma.page.locator('wc-rail');
  expect((await boxOf(rail)).width).toBe(72);
  await uma.page.getByRole('link', { name: 'People', exact: true }).first().click();
  await expect.poll(async () => (await boxOf(rail)).width).toBe(280);
  await goHome(...people);
});

test('in a call of two the other person fills the stage, and oneself moves from corner to corner', async ({
  browser,
}) => {
  const people = await inCall(browser, 'wim', 'xenia');
  const [wim, xenia] = people as [Person, Person];
  const { page } = wim;
  await page.setViewportSize({ width: 1280, height: 800 });
  const other = page.getByTestId('tile').filter({ hasText: xenia.name });
  const own = page.getByTestId('tile').filter({ hasText: 'You' });
  const stage = page.locator('wc-stage');
  const corner = async (): Promise<string> => {
    const [inset, around] = [await boxOf(own), await boxOf(stage)];
    const vertical = inset.y + inset.height / 2 < around.y + around.height / 2 ? 'top' : 'bottom';
    return `${vertical} ${inset.x + inset.width / 2 < around.x + around.width / 2 ? 'left' : 'right'}`;
  };
  /** Nothing that one may want to press lies under the inset. */
  const expectControlsFree = async (): Promise<void> => {
    for (const name of ['Mute microphone', 'More', 'Leave call']) await button(page, name).click({ trial: true });
  };

  expect((await boxOf(other)).width).toBeGreaterThan((await boxOf(stage)).width * 0.95);
  await expect.poll(async () => (await boxOf(own)).width).toBeLessThanOrEqual(200);
  expect(await corner()).toBe('bottom right');
  await expectControlsFree();

  const { x, y, width, height } = await boxOf(own);
  await page.mouse.move(x + width / 2, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(300, 500);
  await page.mouse.move(200, 300, { steps: 3 });
  await page.mouse.up();
  await expect.poll(corner).toBe('top left');

  const mover = button(page, /^Move your picture/);
  await mover.focus();
  for (const [key, expected] of [
    ['ArrowDown', 'bottom left'],
    ['ArrowRight', 'bottom right'],
    ['ArrowUp', 'top right'],
    ['Enter', 'bottom right'],
    ['Enter', 'bottom left'],
  ] as const) {
    await page.keyboard.press(key);
    await expect.poll(corner).toBe(expected);
    await expectControlsFree();
  }
  // On a phone the controls take the whole lower edge.
  await page.setViewportSize({ width: 390, height: 844 });
  for (const expected of ['top left', 'top right', 'bottom right', 'bottom left']) {
    await mover.press('Enter');
    await expect.poll(corner).toBe(expected);
    await expectControlsFree();
  }

  await page.setViewportSize({ width: 1280, height: 800 });
  await page.reload();
  await expect(own).toBeVisible();
  await expect.poll(corner).toBe('bottom left');
  await goHome(...people);
});
