import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { befriend } from './support/contacts';
import { visitAll, visitModeration, visitRing } from './support/pages';
import { createRoom, goHome, joinRoom, openBrowser, say, signUp } from './support/people';

const schemes = ['light', 'dark'] as const;

/** The rules that depend on the colour scheme. */
const colourRules = ['color-contrast', 'link-in-text-block'];

/** Runs in the page: waits until it is drawn and its colour transitions have ended. */
async function settle(): Promise<void> {
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const changes = document.getAnimations().filter((animation) => animation instanceof CSSTransition);
  await Promise.allSettled(changes.map(({ finished }) => finished));
}

/** Checks both colour schemes for violations; for the second one only the rules about colours. */
async function check(page: Page, name: string): Promise<void> {
  for (const colorScheme of schemes) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.evaluate(settle);
    // What is on its way to the other colours when it is looked at has them soon; a real violation stays.
    const found = (): Promise<string[]> => findViolations(page, colorScheme);
    await expect
      .configure({ soft: true })
      .poll(found, { message: `${name} (${colorScheme})` })
      .toEqual([]);
  }
}

async function findViolations(page: Page, colorScheme: (typeof schemes)[number]): Promise<string[]> {
  // Legacy mode runs in the page itself; otherwise every check opens another page to merge results of frames.
  const axe = new AxeBuilder({ page }).setLegacyMode();
  const { violations } = await (colorScheme === schemes[0] ? axe : axe.withRules(colourRules)).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(' ')} ${JSON.stringify(node.any[0]?.data ?? '')}`),
  );
}

// The two longest tests: one after the other, they would keep a worker busy long after the others have finished.
test.describe.configure({ mode: 'parallel' });

for (const viewport of [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
]) {
  test(`no page has an accessibility violation or a console error (${viewport.width} px, ${schemes.join(' and ')})`, async ({
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
    await boris.page.goto(`/r/${roomId}`);
    await expect(boris.page.getByRole('button', { name: 'Join', exact: true })).toBeVisible();
    await check(boris.page, 'public room from outside');
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

test('the API page loads without console errors and offers to sign in', async ({ browser }) => {
  const { page, context, complaints } = await openBrowser(browser);
  await page.goto('/docs');
  await expect(page.getByRole('button', { name: /Authorize/ })).toBeVisible();
  await expect(page.getByRole('link', { name: '/api/v1/auth/login' })).toBeVisible();
  expect(complaints).toEqual([]);
  await context.close();
});
