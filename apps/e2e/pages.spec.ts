import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { befriend } from './support/contacts';
import { visitAll, visitModeration, visitRing } from './support/pages';
import { createRoom, goHome, joinRoom, openBrowser, say, signUp } from './support/people';

for (const colorScheme of ['light', 'dark'] as const) {
  for (const viewport of [
    { width: 1280, height: 800 },
    { width: 390, height: 844 },
  ]) {
    test(`no page has an accessibility violation or a complaint on its console (${colorScheme}, ${viewport.width} px)`, async ({
      browser,
    }) => {
      test.setTimeout(360_000);
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
      const boris = await signUp(browser, 'boris');
      await boris.page.setViewportSize(viewport);
      await boris.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await befriend(anna, boris);
      await visitRing(boris, anna, check);
      await joinRoom(boris, roomId);
      await visitModeration(anna, boris, roomId, check);
      expect([...anna.complaints, ...boris.complaints]).toEqual([]);

      const stranger = await openBrowser(browser);
      await stranger.page.setViewportSize(viewport);
      await stranger.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      for (const [path, name] of [
        ['/sign-in', 'sign-in'],
        ['/sign-up', 'sign-up'],
        ['/reset-password#token=x', 'reset password'],
        ['/reset-password', 'reset password without its token'],
        ['/join/no-such-code', 'invitation'],
      ] as const) {
        await stranger.page.goto(path);
        await expect(stranger.page.getByRole('heading', { level: 1 })).toBeVisible();
        await check(stranger.page, name);
      }
      expect(stranger.complaints).toEqual([]);
      await stranger.context.close();
      await goHome(anna, boris);
    });
  }
}

test('the API page draws itself without a complaint and lets one sign in', async ({ browser }) => {
  const { page, context, complaints } = await openBrowser(browser);
  await page.goto('/docs');
  await expect(page.getByRole('button', { name: /Authorize/ })).toBeVisible();
  await expect(page.getByRole('link', { name: '/api/v1/auth/login' })).toBeVisible();
  expect(complaints).toEqual([]);
  await context.close();
});
