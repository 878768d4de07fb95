import { expect, test } from '@playwright/test';
import { layWire } from './support/flaky-network';
import { atLeast } from './support/goals';
import { expectInflow, inflows } from './support/media';
import {
  createRoom,
  goHome,
  joinCall,
  joinRoom,
  leaveCall,
  listen,
  log,
  say,
  serverUrl,
  showChat,
  signUp,
  turnCameraOn,
} from './support/people';

test('a reload during a call resumes the same seat', async ({ browser }) => {
  const anna = await signUp(browser, 'anna');
  const bob = await signUp(browser, 'bob');
  const roomId = await createRoom(anna, 'Reload');
  await joinRoom(bob, roomId);
  await joinCall(anna.page);
  await joinCall(bob.page);
  await turnCameraOn(anna.page);
  await expectInflow(bob.page, 1, ['energy', 'cameraFrames']);

  await anna.page.reload();
  await expect(anna.page.getByRole('button', { name: 'Leave call', exact: true })).toBeVisible();
  await expectInflow(anna.page, 1, ['energy']);
  await expectInflow(bob.page, 1, ['energy', 'cameraFrames']);
  // The same seat: no participant appears twice.
  await expect(bob.page.getByTestId('tile')).toHaveCount(2);
  await expect(anna.page.getByTestId('tile')).toHaveCount(2);
  await goHome(anna, bob);
});

test('a socket cut for 10 s: media continues without a gap, and the state is correct afterwards', async ({
  browser,
}) => {
  const wire = await layWire(serverUrl());
  const anna = await signUp(browser, 'anna', { baseURL: wire.url });
  const bob = await signUp(browser, 'bob');
  const carl = await signUp(browser, 'carl');
  const roomId = await createRoom(anna, 'Cut');
  await joinRoom(bob, roomId);
  await joinRoom(carl, roomId);
  await joinCall(anna.page);
  await joinCall(bob.page);
  for (const { page } of [anna, bob]) await showChat(page);
  await turnCameraOn(bob.page);
  await expectInflow(anna.page, 1, ['energy', 'cameraFrames']);
  const before = (await inflows(anna.page))[0];

  wire.cut();
  const cutAt = Date.now();
  // Changes during the cut: a message, and a microphone that is muted and unmuted.
  await say(bob, 'said while anna was away');
  await bob.page.getByRole('button', { name: 'Mute microphone', exact: true }).click();
  await bob.page.getByRole('button', { name: 'Unmute microphone', exact: true }).click();
  await expect(bob.page.getByTestId('tile')).toHaveCount(2);
  await say(anna, 'said by anna without a line');
  await expect.poll(() => Date.now() - cutAt, { intervals: [500] }).toBeGreaterThan(10_000);
  const during = (await inflows(anna.page))[0];
  wire.mend();

  // Pictures arrived all the time (15 to 30 per second), and hardly any sound was concealed.
  expect((during?.cameraFrames ?? 0) - (before?.cameraFrames ?? 0)).toBeGreaterThan(atLeast(100));
  const real = (flow = before): number => (flow?.samples ?? 0) - (flow?.concealed ?? 0);
  expect(real(during) - real()).toBeGreaterThan(atLeast(48_000 * 8));
  expect(during?.energy).toBeGreaterThan(before?.energy ?? 0);

  await expect(log(anna.page).getByText('said while anna was away')).toBeVisible();
  await expect(log(bob.page).getByText('said by anna without a line')).toHaveCount(1);
  // The state is correct: a third person who joins now is heard and shown by the one who was cut off.
  await joinCall(carl.page);
  await expectInflow(anna.page, 2, ['energy']);
  await expectInflow(carl.page, 2, ['energy']);
  await expect(anna.page.getByTestId('tile')).toHaveCount(3);
  await goHome(anna, bob, carl);
  await wire.close();
});

test('a second tab of the same device asks which tab to use', async ({ browser }) => {
  const anna = await signUp(browser, 'anna');
  const bob = await signUp(browser, 'bob');
  const roomId = await createRoom(anna, 'Two tabs');
  await joinRoom(bob, roomId);
  await joinCall(anna.page);
  await joinCall(bob.page);

  const second = await anna.context.newPage();
  await listen(second);
  await second.goto(`/r/${roomId}`);
  await second.getByRole('button', { name: 'Join call', exact: true }).click();
  await second.getByRole('button', { name: 'Keep the other tab', exact: true }).click();
  await expect(second.getByRole('button', { name: 'Join call', exact: true })).toBeVisible();
  await expectInflow(anna.page, 1, ['energy']);

  await second.getByRole('button', { name: 'Join call', exact: true }).click();
  await second.getByRole('button', { name: 'Use this tab', exact: true }).click();
  await expect(second.getByRole('button', { name: 'Leave call', exact: true })).toBeVisible();
  await expectInflow(second, 1, ['energy']);
  await expectInflow(bob.page, 1, ['energy']);
  await expect(bob.page.getByTestId('tile')).toHaveCount(2);
  await expect(anna.page.getByRole('button', { name: 'Leave call', exact: true })).toBeHidden();
  await goHome(anna, bob);
});

test('a call continues on other pages, and can be left from there', async ({ browser }) => {
  const anna = await signUp(browser, 'anna');
  const bob = await signUp(browser, 'bob');
  const roomId = await createRoom(anna, 'Elsewhere');
  await joinRoom(bob, roomId);
  await joinCall(anna.page);
  await joinCall(bob.page);
  await expectInflow(anna.page, 1, ['energy']);
  await anna.page.getByRole('link', { name: 'Settings' }).first().click();
  await expect(anna.page.getByRole('button', { name: 'Leave call', exact: true })).toBeVisible();
  await expectInflow(anna.page, 1, ['energy']);
  await expectInflow(bob.page, 1, ['energy']);
  await anna.page.getByRole('button', { name: 'Leave call', exact: true }).click();
  await expect.poll(() => bob.page.getByTestId('tile').count()).toBe(1);
  await leaveCall(bob.page);
  await goHome(anna, bob);
});
