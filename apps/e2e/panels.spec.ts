import { expect, test } from '@playwright/test';
import { createRoom, goHome, guestLink, joinAsGuest, joinCall, leaveCall, say, signUp } from './support/people';

test('Escape closes the open panel and restores the focus', async ({ browser }) => {
  const anna = await signUp(browser, 'anna');
  await createRoom(anna, 'Keys');
  const { page } = anna;
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const heading = (name: string) => page.getByRole('heading', { name, exact: true });

  await button('Invite people').click();
  await expect(heading('Invitations')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(button('Room settings')).toBeFocused();
  await button('Members').click();
  await expect(heading('Members')).toBeFocused();

  // The Escape that ends editing leaves the panel open.
  await say(anna, 'hello');
  await expect(page.getByRole('link', { name: /Keys/ })).toContainText('You: hello');
  await page.getByLabel('Message', { exact: true }).press('ArrowUp');
  await expect(button('Save')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(button('Save')).toBeHidden();
  await expect(heading('Members')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(heading('Members')).toBeHidden();

  await button('Set up call').click();
  await expect(heading('Set up the call')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(button('Set up call')).toBeFocused();
  await joinCall(page);
  await expect(button('Mute microphone')).toBeFocused();
  await leaveCall(page);
  await expect(button('Start call')).toBeFocused();
  await goHome(anna);
});

test('the controls of a call stay reachable next to an open panel', async ({ browser }) => {
  const anna = await signUp(browser, 'anna');
  const { page } = anna;
  await page.setViewportSize({ width: 800, height: 600 });
  await createRoom(anna, 'Narrow');
  await joinCall(page);
  for (const [width, height] of [
    [800, 600],
    [740, 360],
    [640, 400],
    [390, 844],
    [360, 740],
  ] as const) {
    await page.setViewportSize({ width, height });
    for (const panel of ['Show chat', 'Members']) {
      await page.getByRole('button', { name: panel, exact: true }).click();
      for (const control of ['Mute microphone', 'More', 'Leave call']) {
        await page.getByRole('button', { name: control, exact: true }).click({ trial: true });
      }
      await page.keyboard.press('Escape');
    }
  }
  await goHome(anna);
});

test('a guest has no list of public rooms', async ({ browser }) => {
  const anna = await signUp(browser, 'anna');
  await createRoom(anna, 'Porch', 'private');
  const guest = await joinAsGuest(browser, await guestLink(anna.page), 'Olga');
  await expect(guest.page.getByRole('heading', { name: 'Porch' })).toBeVisible();
  await expect(anna.page.getByText('used once')).toBeVisible();
  await guest.page.goto('/rooms/browse');
  await expect(guest.page.getByRole('heading', { name: 'You are here as a guest' })).toHaveCount(1);
  await goHome(anna, guest);
});
