import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { createRoom, goHome, joinCall, openBrowser, say, signUp, turnCameraOn } from './support/people';

/** Every page of the client with the way to it. Those of one person share a browser. */
async function visitAll(page: Page, roomId: string, visit: (name: string) => Promise<void>): Promise<void> {
  const go = async (path: string, ready: () => Promise<void>, name: string) => {
    await page.goto(path);
    await ready();
    await visit(name);
  };
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  await go('/', () => expect(page.getByLabel('Room name', { exact: true })).toBeVisible(), 'home');
  await go('/rooms/browse', () => expect(page.getByRole('heading', { level: 1 })).toBeVisible(), 'browse');
  await go('/settings', () => expect(button('Sign out')).toBeVisible(), 'settings');
  await go('/no-such-page', () => expect(page.getByRole('heading', { level: 1 })).toBeVisible(), 'not-found');
  await go(`/r/${roomId}`, () => expect(page.getByText('Hello there')).toBeVisible(), 'room');
  await button('Members').click();
  await visit('members');
  await button('Room settings').click();
  await visit('room-settings');
  await button('Close').click();
  await button('Set up call').click();
  await expect(button('Join call')).toHaveCount(1);
  await visit('lobby');
  await joinCall({ page } as never);
  await turnCameraOn({ page } as never);
  await visit('call');
  await button('Leave call').click();
}

for (const colorScheme of ['light', 'dark'] as const) {
  for (const viewport of [
    { width: 1280, height: 800 },
    { width: 390, height: 844 },
  ]) {
    test(`no page has an accessibility violation or a complaint on its console (${colorScheme}, ${viewport.width} px)`, async ({
      browser,
    }) => {
      test.setTimeout(180_000);
      const anna = await signUp(browser, 'anna');
      await anna.page.setViewportSize(viewport);
      await anna.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const roomId = await createRoom(anna, 'Pages');
      await say(anna, 'Hello there');
      const check = async (page: Page, name: string) => {
        const { violations } = await new AxeBuilder({ page }).analyze();
        const found = violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`);
        expect.soft(found, name).toEqual([]);
      };
      await visitAll(anna.page, roomId, (name) => check(anna.page, name));
      expect(anna.complaints).toEqual([]);

      const stranger = await openBrowser(browser);
      await stranger.page.setViewportSize(viewport);
      await stranger.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      for (const [path, name] of [
        ['/sign-in', 'sign-in'],
        ['/sign-up', 'sign-up'],
        ['/join/no-such-code', 'invitation'],
      ] as const) {
        await stranger.page.goto(path);
        await expect(stranger.page.getByRole('heading', { level: 1 })).toBeVisible();
        await check(stranger.page, name);
      }
      expect(stranger.complaints).toEqual([]);
      await stranger.context.close();
      await goHome(anna);
    });
  }
}

test('the API page draws itself without a complaint and lets one sign in', async ({ browser }) => {
  const { page, context, complaints } = await openBrowser(browser);
  await page.goto('/docs');
  await expect(page.getByRole('button', { name: /Authorize/ })).toBeVisible();
  await expect(page.getByText('/api/v1/auth/login')).toBeVisible();
  expect(complaints).toEqual([]);
  await context.close();
});
