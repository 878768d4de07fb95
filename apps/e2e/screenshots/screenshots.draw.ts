import { type Browser, expect, type Page, test } from '@playwright/test';
import { mkdirSync } from 'node:fs';
import { ask, befriend, openDirectRoom, ringCard } from '../support/contacts';
import { visitAll, visitModeration, visitRing } from '../support/pages';
import {
  createRoom,
  guestLink,
  joinCall,
  joinRoom,
  log,
  openBrowser,
  type Person,
  say,
  signUp,
  turnCameraOn,
} from '../support/people';
import { shareDrawnScreen } from '../support/screen';
import { paintCamera } from './painted-camera';

const FOLDER = `${import.meta.dirname}/../../../docs/screenshots`;
const SIZES = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };
const SCHEMES = ['light', 'dark'] as const;

/** Takes screenshots of a page in every size and colour scheme. */
async function draw(page: Page, name: string): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
      // Moving the mouse shows the call's controls.
      await page.mouse.move(viewport.width / 2, viewport.height / 2);
      await page.mouse.move(viewport.width / 2 + 20, viewport.height / 2);
      await page.screenshot({ path: `${FOLDER}/${name}-${size}-${colorScheme}.png`, animations: 'disabled' });
    }
  }
  await page.setViewportSize(SIZES.desktop);
}

/** Draws a call of two with cameras, and with the screen of the caller. */
async function drawCallOfTwo(caller: Person, callee: Person): Promise<void> {
  await openDirectRoom(caller, callee);
  await caller.page.getByRole('button', { name: 'Call', exact: true }).click();
  await ringCard(callee.page).getByRole('button', { name: 'Accept with camera', exact: true }).click();
  await turnCameraOn(caller.page);
  for (const { page } of [caller, callee]) await expect(page.locator('video:visible')).toHaveCount(2);
  await draw(callee.page, 'call-of-two');
  await shareDrawnScreen(caller.page);
  await expect(callee.page.locator('video:visible')).toHaveCount(3);
  await draw(callee.page, 'shared-screen');
  // The direct call of one who is left ends by itself.
  await callee.page.getByRole('button', { name: 'Leave call', exact: true }).click();
  for (const { page } of [callee, caller])
    await expect(page.getByRole('button', { name: 'Call', exact: true })).toBeVisible();
}

/** Creates people, rooms and messages. @returns the people, with mira whose pages are drawn, and her room */
async function scene(browser: Browser) {
  const mira = await signUp(browser, 'mira', { name: 'mira' });
  const tom = await signUp(browser, 'tom', { name: 'tom' });
  const lena = await signUp(browser, 'lena', { name: 'lena' });
  for (const [person, room] of [
    [tom, 'Book club'],
    [lena, 'Climbing on Sunday'],
  ] as const) {
    const id = await createRoom(person, room);
    await say(person, room === 'Book club' ? 'Chapter four by Thursday?' : 'I have two spare ropes');
    await joinRoom(mira, id);
  }
  const roomId = await createRoom(mira, 'Kitchen table');
  await joinRoom(tom, roomId);
  await joinRoom(lena, roomId);
  await say(tom, 'Hello there, is everyone still coming tonight?');
  await expect(log(lena.page).getByText('Hello there')).toBeVisible();
  await say(lena, 'Yes. I bring the soup');
  await say(lena, '🍲');
  await expect(log(mira.page).getByText('I bring the soup')).toBeVisible();
  await say(mira, 'Wonderful. Eight o’clock, and we call grandma at nine');
  return { mira, tom, lena, roomId };
}

test('draw every page', async ({ browser }) => {
  test.setTimeout(600_000);
  const { mira, tom, lena, roomId } = await scene(browser);
  await paintCamera(mira.page, {
    wall: '#3b4a5a',
    light: '#b9c7d4',
    shirt: '#8c4a3c',
    skin: '#e2b596',
    hair: '#3a2a22',
  });
  await paintCamera(tom.page, {
    wall: '#5a4a3b',
    light: '#e8d9c0',
    shirt: '#2f4f6b',
    skin: '#c99474',
    hair: '#1d1a18',
  });
  await paintCamera(lena.page, {
    wall: '#35524a',
    light: '#cfe3d6',
    shirt: '#6a5a8c',
    skin: '#f0cbb0',
    hair: '#a8703a',
  });
  for (const person of [tom, lena]) {
    await person.page.goto(`/r/${roomId}`);
    await joinCall(person.page);
    await turnCameraOn(person.page);
  }
  await visitAll(mira.page, roomId, (name) => draw(mira.page, name));

  await befriend(mira, tom);
  await ask(lena, mira);
  await visitRing(tom, mira, draw);
  await drawCallOfTwo(tom, mira);
  const garden = await createRoom(mira, 'Garden plans');
  await tom.page.goto(`/r/${garden}`);
  await expect(tom.page.getByRole('button', { name: 'Join', exact: true })).toBeVisible();
  await draw(tom.page, 'public-room');
  await joinRoom(tom, garden);
  await visitModeration(mira, tom, garden, draw);
  await mira.page.goto(`/r/${roomId}`);
  const invitation = await guestLink(mira.page);
  await mira.page.goto('/settings');
  await mira.page.getByRole('radio', { name: 'Русский', exact: true }).check();
  await draw(mira.page, 'settings-ru');
  await mira.page.goto(`/r/${roomId}`);
  await expect(log(mira.page).getByText('Hello there')).toBeVisible();
  await draw(mira.page, 'room-ru');
  await mira.page.getByRole('button', { name: 'Пригласить', exact: true }).click();
  await expect(mira.page.getByRole('img', { name: /QR/ })).toBeVisible();
  await draw(mira.page, 'invite-ru');

  const stranger = await openBrowser(browser);
  for (const [path, name] of [
    ['/sign-in', 'sign-in'],
    ['/sign-up', 'sign-up'],
    ['/reset-password#token=any', 'reset-password'],
    ['/reset-password', 'reset-password-incomplete'],
    [invitation, 'invitation'],
    ['/join/no-such-code', 'invitation-not-found'],
  ] as const) {
    await stranger.page.goto(path);
    await expect(stranger.page.getByRole('heading', { level: 1 })).toBeVisible();
    await draw(stranger.page, name);
  }
});
