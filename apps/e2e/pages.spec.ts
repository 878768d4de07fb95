import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { befriend } from './support/contacts';
import { visitAll, visitModeration, visitRing } from './support/pages';
import { createRoom, goHome, joinRoom, openBrowser, say, signUp } from './support/people';

const schemes = ['light', 'dark'] as const;

/** What the scheme of the colours can break. */
const colourRules = ['color-contrast', 'link-in-text-block'];

/** Waits in the page until it is drawn and its colours have stopped to change. */
async function settle(): Promise<void> {
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const changes = document.getAnimations().filter((animation) => animation instanceof CSSTransition);
  await Promise.allSettled(changes.map(({ finished }) => finished));
}

/** Looks for violations in both colour schemes, of which the second differs in its colours alone. */
async function check(page: Page, name: string): Promise<void> {
  for (const colorScheme of schemes) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.evaluate(settle);
    // In the page itself: else every look opens another one to put its results together, for frames that we have none of.
    const axe = new AxeBuilder({ page }).setLegacyMode();
    const { violations } = await (colorScheme === schemes[0] ? axe : axe.withRules(colourRules)).analyze();
    const found = violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`);
    expect.soft(found, `${name} (${colorScheme})`).toEqual([]);
  }
}

for (const viewport of [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
]) {
  test(`no page has an accessibility violation or a complaint on its console (${viewport.width} px, ${schemes.join(' and ')})`, async ({
    browser,
  }) => {
    const open = async (name: string) => {
      const person = await signUp(browser, name);
      await person.page.setViewportSize(viewport);
      return person;
    };
    const anna = await open('anna');
    const roomId = await createRoom(anna, 'Pages');
    await say(anna, 'Hello there');
    await visitAll(anna.page, roomId, (name) => check(anna.page, name));
    const boris = await open('boris');
    await befriend(anna, boris);
    await visitRing(boris, anna, check);
    await joinRoom(boris, roomId);
    await visitModeration(anna, boris, roomId, check);
    expect([...anna.complaints, ...boris.complaints]).toEqual([]);

    const stranger = await openBrowser(browser);
    await stranger.page.setViewportSize(viewport);
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

test('the API page draws itself without a complaint and lets one sign in', async ({ browser }) => {
  const { page, context, complaints } = await openBrowser(browser);
  await page.goto('/docs');
  await expect(page.getByRole('button', { name: /Authorize/ })).toBeVisible();
  await expect(page.getByRole('link', { name: '/api/v1/auth/login' })).toBeVisible();
  expect(complaints).toEqual([]);
  await context.close();
});
