import { expect, type Page, test } from '@playwright/test';
import { expectAudible, expectInflow, inflows } from './support/media';
import { createRoom, goHome, joinCall, joinRoom, type Person, signUp, turnCameraOn } from './support/people';

async function openDevices(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Microphone, camera, speaker' }).click();
}

/** @returns the label of the voice track sent over each link, which differs between a device and the filter */
function voices(page: Page): Promise<(string | undefined)[]> {
  return page.evaluate(() => {
    const all = (window as unknown as { testLinks: RTCPeerConnection[] }).testLinks;
    const living = all.filter((link) => link.connectionState === 'connected');
    return living.map((link) => link.getTransceivers()[0]?.sender.track?.label);
  });
}

async function twoInCall(browser: Parameters<typeof signUp>[0], first: string, second: string) {
  const [anna, bob] = [await signUp(browser, first), await signUp(browser, second)];
  const roomId = await createRoom(anna, `Room of ${first}`);
  await joinRoom(bob, roomId);
  for (const { page } of [anna, bob]) await joinCall(page);
  await expectInflow(bob.page, 1, ['energy']);
  return [anna, bob] as [Person, Person];
}

test('the noise filter is turned on and off in the call, and the voice still arrives', async ({ browser }) => {
  const people = await twoInCall(browser, 'nina', 'otto');
  const [nina, otto] = people;
  await openDevices(nina.page);
  const filter = nina.page.getByRole('switch', { name: 'Stronger noise filter' });
  await filter.check();
  await expect.poll(() => voices(nina.page)).toEqual([expect.stringContaining('MediaStreamAudioDestination')]);
  await expectInflow(otto.page, 1, ['energy']);
  await filter.uncheck();
  await expect.poll(() => voices(nina.page)).toEqual([expect.stringMatching(/Fake/)]);
  await expectInflow(otto.page, 1, ['energy']);
  await nina.page.keyboard.press('Escape');
  await expectAudible(otto.page, 1);
  await goHome(...people);
});

test('a participant on another page receives voices but no pictures', async ({ browser }) => {
  const people = await twoInCall(browser, 'pia', 'quin');
  const [pia, quin] = people;
  await turnCameraOn(pia.page);
  await expectInflow(quin.page, 1, ['energy', 'cameraFrames']);
  await quin.page.getByRole('link', { name: /Settings/ }).click();
  let before = NaN;
  const newFrames = async (): Promise<number> => {
    const frames = (await inflows(quin.page))[0]?.cameraFrames ?? NaN;
    const more = frames - before;
    before = frames;
    return more;
  };
  await expect.poll(newFrames, { intervals: [2000], timeout: 20_000 }).toBe(0);
  await expectInflow(quin.page, 1, ['energy']);
  await quin.page.goBack();
  await expectInflow(quin.page, 1, ['energy', 'cameraFrames']);
  await goHome(...people);
});

test('"relay only" cannot be turned on without a relay, and shows a warning if it is on', async ({ browser }) => {
  const people = await twoInCall(browser, 'rosa', 'sven');
  const [{ page }, sven] = people;
  const relayOnly = page.getByRole('switch', { name: 'Always use the relay server' });
  await openDevices(page);
  await expect(page.getByText('This server has no relay (TURN) server')).toBeVisible();
  await expect(relayOnly).toBeDisabled();
  await expect(relayOnly).toHaveAccessibleDescription(/no relay/);
  await expect(page.getByRole('alert')).toHaveCount(0);
  await page.keyboard.press('Escape');

  // Simulates a server that had a relay before.
  await page.evaluate(() => localStorage.setItem('webcall.media-preferences', JSON.stringify({ relayOnly: true })));
  await page.reload();
  const banner = page.getByRole('status').filter({ hasText: 'this server has none' });
  await expect(banner).toBeVisible();
  await expect(page.getByTestId('tile').filter({ hasText: sven.name })).toContainText('Cannot connect');
  await openDevices(page);
  await expect(page.getByRole('alert')).toContainText('your calls cannot connect');
  await relayOnly.uncheck();
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(relayOnly).toBeDisabled();
  await page.keyboard.press('Escape');
  await expect(banner).toHaveCount(0);
  await expectInflow(page, 1, ['energy']);
  await expectInflow(sven.page, 1, ['energy']);
  await goHome(...people);
});
