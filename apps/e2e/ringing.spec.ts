import { expect, type Locator, type Page, test } from '@playwright/test';
import { befriend, openDirectRoom, ringCard } from './support/contacts';
import { layWire } from './support/flaky-network';
import { expectAudible, expectInflow } from './support/media';
import {
  createRoom,
  enterButton,
  goHome,
  joinRoom,
  log,
  openBrowser,
  PASSWORD,
  type Person,
  serverUrl,
  signUp,
} from './support/people';

const button = (page: Page | Locator, name: string): Locator => page.getByRole('button', { name, exact: true });

let anna: Person;
let boris: Person;
let direct: string;

/** Calls the other person from the direct room. */
async function call({ page }: Person): Promise<void> {
  await page.goto(`/r/${direct}`);
  await button(page, 'Call').click();
  await expect(button(page, 'Leave call')).toBeVisible();
}

async function expectTalk(...pages: Page[]): Promise<void> {
  for (const page of pages) {
    await expectInflow(page, pages.length - 1, ['energy']);
    await expectAudible(page, pages.length - 1);
  }
}

/** Leaves the call and waits until it is gone from the page. */
async function hangUp({ page }: Person): Promise<void> {
  await button(page, 'Leave call').click();
  await expect(button(page, 'Leave call')).toHaveCount(0);
}

/** Closes the outcome on the stage; a panel has a button of the same name. */
async function closeOutcome({ page }: Person): Promise<void> {
  await button(page.getByRole('region', { name: 'Call', exact: true }), 'Close').click();
}

test.beforeAll(async ({ browser }) => {
  test.setTimeout(180_000);
  anna = await signUp(browser, 'anna');
  boris = await signUp(browser, 'boris');
  await befriend(anna, boris);
  direct = await openDirectRoom(anna, boris);
});

test.beforeEach(async () => {
  await boris.page.goto('/');
});

test.afterAll(async () => {
  expect([...anna.complaints, ...boris.complaints]).toEqual([]);
  await goHome(anna, boris);
});

test('a contact answers a call with voice: both hear each other', async () => {
  await call(anna);
  await expect(anna.page.getByText('Ringing on 1 device')).toBeVisible();
  const card = ringCard(boris.page);
  await expect(card).toContainText(`${anna.name} is calling you`);
  await expect(card).toBeFocused();
  await expect(boris.page).toHaveTitle(`${anna.name} is calling`);
  await button(card, 'Accept with voice').click();
  await expect(card).toBeHidden();
  await expectTalk(anna.page, boris.page);
  expect(new URL(boris.page.url()).pathname).toBe(`/r/${direct}`);
  await hangUp(boris);
  // Hanging up a call to one person ends it for both.
  await expect(button(anna.page, 'Leave call')).toHaveCount(0);
  for (const { page } of [anna, boris]) await expect(log(page).getByText(/Call ended · .*anna.*boris/)).toBeVisible();
});

test('answering with the camera shows a picture', async () => {
  await call(anna);
  await button(ringCard(boris.page), 'Accept with camera').click();
  await expectInflow(anna.page, 1, ['energy', 'cameraFrames']);
  await expectInflow(boris.page, 1, ['energy']);
  await hangUp(anna);
  await expect(button(boris.page, 'Leave call')).toHaveCount(0);
});

test('all devices ring, and all stop when one answers', async ({ browser }) => {
  const second = await openBrowser(browser);
  await second.page.goto('/sign-in');
  await second.page.getByLabel('Email or username', { exact: true }).fill(boris.email);
  await second.page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await button(second.page, 'Sign in').click();
  await expect(second.page.getByLabel('Room name', { exact: true })).toBeVisible();

  await call(anna);
  await expect(anna.page.getByText('Ringing on 2 devices')).toBeVisible();
  await expect(ringCard(boris.page)).toBeVisible();
  await button(ringCard(second.page), 'Accept with voice').click();
  await expect(ringCard(boris.page)).toBeHidden();
  await expectTalk(anna.page, second.page);
  await hangUp(anna);
  expect(second.complaints).toEqual([]);
  await second.context.close();
});

test('a declined call says so and offers to call again', async () => {
  await call(anna);
  await button(ringCard(boris.page), 'Decline').click();
  await expect(ringCard(boris.page)).toBeHidden();
  await expect(anna.page.getByText('Declined', { exact: true })).toBeVisible();
  await expect(button(anna.page, 'Leave call')).toHaveCount(0);
  await button(anna.page, 'Call again').click();
  await expect(ringCard(boris.page)).toBeVisible();
  await button(ringCard(boris.page), 'Decline').click();
  await closeOutcome(anna);
  await expect(button(anna.page, 'Call')).toBeVisible();
  await expect(log(anna.page).getByText(`${boris.name} declined`).first()).toBeVisible();
});

test('a reply message declines the call', async () => {
  await call(anna);
  await button(ringCard(boris.page), 'Can’t talk now').click();
  await button(ringCard(boris.page), 'I will call you back.').click();
  await expect(ringCard(boris.page)).toBeHidden();
  await expect(anna.page.getByText('Declined', { exact: true })).toBeVisible();
  await closeOutcome(anna);
  await expect(log(anna.page).getByText('I will call you back.')).toBeVisible();
});

test('a cancelled call stops ringing, counts as missed, and can be returned from the room', async () => {
  await call(anna);
  await expect(ringCard(boris.page)).toBeVisible();
  await hangUp(anna);
  await expect(ringCard(boris.page)).toBeHidden();
  await expect(boris.page.getByRole('link', { name: new RegExp(anna.name) })).toContainText(/missed call/i);
  await boris.page.goto(`/r/${direct}`);
  await expect(
    log(boris.page)
      .getByText(new RegExp(`missed calls? from ${anna.name}`, 'i'))
      .last(),
  ).toBeVisible();
  await button(boris.page, 'Call back').last().click();
  await button(ringCard(anna.page), 'Accept with voice').click();
  await expectTalk(anna.page, boris.page);
  await hangUp(anna);
});

test('an unanswered call ends by itself', async () => {
  test.setTimeout(120_000);
  await call(anna);
  await expect(ringCard(boris.page)).toBeVisible();
  await expect(anna.page.getByText('No answer', { exact: true })).toBeVisible({ timeout: 60_000 });
  await expect(ringCard(boris.page)).toBeHidden();
  await expect(button(anna.page, 'Leave call')).toHaveCount(0);
  await closeOutcome(anna);
});

test('a device that connects or reloads during the ringing rings too', async () => {
  await boris.page.goto('about:blank');
  await call(anna);
  await expect(anna.page.getByText('No device reached')).toBeVisible();
  await boris.page.goto('/settings');
  await expect(ringCard(boris.page)).toBeVisible();
  await expect(anna.page.getByText('Ringing on 1 device')).toBeVisible();
  await boris.page.reload();
  await button(ringCard(boris.page), 'Accept with voice').click();
  await expectTalk(anna.page, boris.page);
  await hangUp(boris);
});

test('a busy callee gets a quiet card, can ask to hold on, and can switch to the new call', async ({ browser }) => {
  const carl = await signUp(browser, 'carl');
  const room = await createRoom(carl, 'Workshop');
  await joinRoom(boris, room);
  for (const { page } of [carl, boris]) {
    await enterButton(page).click();
    await expect(button(page, 'Leave call')).toBeVisible();
  }
  await call(anna);
  await expect(anna.page.getByText('Busy in another call')).toBeVisible();
  await button(ringCard(boris.page), 'Hold on').click();
  await expect(anna.page.getByText('Asks you to hold on')).toBeVisible();
  await expectTalk(carl.page, boris.page);
  await button(ringCard(boris.page), 'End call and answer').click();
  await expectTalk(anna.page, boris.page);
  await expect(carl.page.getByTestId('tile')).toHaveCount(1);
  await hangUp(anna);
  await goHome(carl);
});

test('two people who call each other at once are in one call', async () => {
  await boris.page.goto(`/r/${direct}`);
  await anna.page.goto(`/r/${direct}`);
  // Both are pressed within milliseconds: as soon as a call runs, the button gets another name.
  const calls = [button(anna.page, 'Call'), button(boris.page, 'Call')];
  for (const call of calls) await expect(call).toBeEnabled();
  await Promise.all(calls.map((call) => call.evaluate((pressed: HTMLElement) => pressed.click())));
  await expectTalk(anna.page, boris.page);
  for (const { page } of [anna, boris]) {
    await expect(ringCard(page)).toHaveCount(0);
    await expect(page.getByTestId('tile')).toHaveCount(2);
  }
  await hangUp(anna);
});

test('the ringing stops when the tab of the caller is closed', async () => {
  await call(anna);
  await expect(ringCard(boris.page)).toBeVisible();
  await anna.page.goto('about:blank');
  await expect(ringCard(boris.page)).toBeHidden({ timeout: 30_000 });
  await expect(boris.page.getByRole('link', { name: new RegExp(anna.name) })).toContainText(/missed call/i);
});

test('a callee who loses the connection rings again after reconnecting, and can answer', async ({ browser }) => {
  const wire = await layWire(serverUrl());
  const dora = await signUp(browser, 'dora', { baseURL: wire.url });
  await befriend(anna, dora);
  await openDirectRoom(anna, dora);
  await button(anna.page, 'Call').click();
  await expect(ringCard(dora.page)).toBeVisible();
  wire.cut();
  await expect(anna.page.getByText('No device reached')).toBeVisible({ timeout: 20_000 });
  wire.mend();
  await expect(anna.page.getByText('Ringing on 1 device')).toBeVisible({ timeout: 20_000 });
  await button(ringCard(dora.page), 'Accept with voice').click();
  await expectTalk(anna.page, dora.page);
  await hangUp(anna);
  await goHome(dora);
  await wire.close();
});

test('"do not disturb" suppresses the ringing, and the caller sees it', async () => {
  await button(boris.page, 'Do not disturb').click();
  await expect(button(boris.page, 'Do not disturb')).toHaveAttribute('aria-pressed', 'true');
  await anna.page.goto(`/r/${direct}`);
  await button(anna.page, 'Call').click();
  await expect(anna.page.getByText('Does not want to be disturbed')).toBeVisible();
  await expect(ringCard(boris.page)).toHaveCount(0);
  await closeOutcome(anna);
  await boris.page.reload();
  await expect(button(boris.page, 'Do not disturb')).toHaveAttribute('aria-pressed', 'true');
  await button(boris.page, 'Do not disturb').click();
  await expect(button(boris.page, 'Do not disturb')).toHaveAttribute('aria-pressed', 'false');
});

test('in a group room everyone or a single member can be rung', async ({ browser }) => {
  const carl = await signUp(browser, 'carl');
  const room = await createRoom(anna, 'Kitchen table');
  for (const person of [boris, carl]) {
    await joinRoom(person, room);
    await person.page.goto('/');
  }
  await button(anna.page, 'Start call').click();
  await button(anna.page, 'More').click();
  await anna.page.getByRole('menuitem', { name: 'Ring everyone', exact: true }).click();
  await expect(ringCard(boris.page)).toContainText('Kitchen table');
  await expect(anna.page.getByText('Ringing on 1 device')).toHaveCount(2);
  await button(ringCard(boris.page), 'Accept with voice').click();
  await button(ringCard(carl.page), 'Decline').click();
  await expect(anna.page.getByText('Declined', { exact: true })).toBeVisible();
  await expectTalk(anna.page, boris.page);
  await button(anna.page, 'Members').click();
  await button(anna.page, `Ring ${carl.name}`).click();
  await button(ringCard(carl.page), 'Accept with voice').click();
  await expectTalk(anna.page, boris.page, carl.page);
  for (const person of [anna, boris, carl]) await button(person.page, 'Leave call').click();
  await goHome(carl);
});
