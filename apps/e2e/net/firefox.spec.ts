import { type Browser, expect, firefox, test } from '@playwright/test';
import { expectAudible, expectInflow, expectVideosShown } from '../support/media';
import { createRoom, goHome, joinCall, joinRoom, signUp, turnCameraOn } from '../support/people';

const executablePath = process.env['WEBCALL_FIREFOX'];
let second: Browser;

test.skip(!executablePath, 'there is no Firefox');
test.beforeAll(async () => {
  second = await firefox.launch({
    executablePath,
    // The official build of Firefox, controlled over WebDriver BiDi.
    channel: 'moz-firefox',
    firefoxUserPrefs: {
      'media.navigator.streams.fake': true,
      'media.navigator.permission.disabled': true,
      'media.autoplay.default': 0,
      'media.peerconnection.ice.loopback': true,
      'media.peerconnection.ice.obfuscate_host_addresses': false,
    },
  });
});
test.afterAll(() => second.close());

for (const [who, starts] of [
  ['Firefox', 'second'],
  ['Chromium', 'first'],
] as const) {
  test(`Firefox and Chromium hear and see each other, when ${who} joins first`, async ({ browser }) => {
    const anna = await signUp(browser, 'anna');
    const fred = await signUp(second, 'fred');
    const roomId = await createRoom(anna, 'Two engines');
    await joinRoom(fred, roomId);
    const people = starts === 'first' ? [anna, fred] : [fred, anna];
    for (const { page } of people) await joinCall(page);
    for (const { page } of people) await turnCameraOn(page);
    for (const { page } of people) {
      await expectInflow(page, 1, ['energy', 'cameraFrames']);
      await expectAudible(page, 1);
      await expectVideosShown(page, 2);
    }
    expect([...anna.complaints, ...fred.complaints]).toEqual([]);
    await goHome(anna, fred);
  });
}
