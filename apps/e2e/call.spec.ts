import { type Browser, expect, test } from '@playwright/test';
import { inLab } from './support/goals';
import { expectAudible, expectInflow, expectVideosShown } from './support/media';
import { createRoom, goHome, joinCall, joinRoom, leaveCall, type Person, signUp, turnCameraOn } from './support/people';

async function inOneRoom(browser: Browser, ...names: string[]): Promise<{ people: Person[]; roomId: string }> {
  const people: Person[] = [];
  for (const name of names) people.push(await signUp(browser, name));
  const [first, ...others] = people;
  if (!first) throw new Error('a room needs at least one person');
  const roomId = await createRoom(first, `Room of ${names.join(' and ')}`);
  for (const other of others) await joinRoom(other, roomId);
  return { people, roomId };
}

test('two people hear and see each other, in any order of turning cameras on', async ({ browser }) => {
  const { people } = await inOneRoom(browser, 'anna', 'bob');
  const [anna, bob] = people as [Person, Person];

  await joinCall(anna.page);
  await joinCall(bob.page);
  for (const person of people) {
    await expectInflow(person.page, 1, ['energy']);
    await expectAudible(person.page, 1);
  }

  // The first participant turns the camera on later.
  await turnCameraOn(anna.page);
  await expectInflow(bob.page, 1, ['energy', 'cameraFrames']);
  await expectVideosShown(bob.page, 1);

  // Then the second one too: pictures both ways.
  await turnCameraOn(bob.page);
  for (const person of people) {
    await expectInflow(person.page, 1, ['energy', 'cameraFrames']);
    await expectVideosShown(person.page, 2);
  }

  await leaveCall(bob.page);
  await expect(anna.page.getByRole('button', { name: 'Leave call', exact: true })).toBeVisible();
  await expect.poll(() => anna.page.getByTestId('tile').count()).toBe(1);
  await goHome(...people);
});

test('both turn the camera on at the same moment', async ({ browser }) => {
  const { people } = await inOneRoom(browser, 'chloe', 'dan');
  for (const person of people) await joinCall(person.page);
  for (const person of people) await expectInflow(person.page, 1, ['energy']);
  await Promise.all(people.map((person) => turnCameraOn(person.page)));
  for (const person of people) await expectInflow(person.page, 1, ['energy', 'cameraFrames']);
  await goHome(...people);
});

test('a third person joins later, and a shared screen works together with the camera', async ({ browser }) => {
  const { people, roomId } = await inOneRoom(browser, 'ella', 'finn');
  const [ella, finn] = people as [Person, Person];
  for (const person of people) {
    await joinCall(person.page);
    await turnCameraOn(person.page);
  }
  await expectInflow(ella.page, 1, ['energy', 'cameraFrames']);

  const gwen = await signUp(browser, 'gwen');
  await joinRoom(gwen, roomId);
  await joinCall(gwen.page);
  await expectInflow(gwen.page, 2, ['energy', 'cameraFrames']);
  await turnCameraOn(gwen.page);
  for (const person of [ella, finn, gwen]) {
    await expectInflow(person.page, 2, ['energy', 'cameraFrames']);
    await expectAudible(person.page, 2);
  }

  await finn.page.getByRole('button', { name: 'Share screen', exact: true }).click();
  await expect(finn.page.getByRole('button', { name: 'Stop sharing', exact: true })).toBeVisible();
  for (const person of [ella, gwen]) {
    await expectInflow(person.page, 2, ['screenFrames'], 1);
    await expectInflow(person.page, 2, ['energy', 'cameraFrames']);
  }
  await finn.page.getByRole('button', { name: 'Stop sharing', exact: true }).click();
  await expect(finn.page.getByRole('button', { name: 'Share screen', exact: true })).toBeVisible();
  for (const person of [ella, gwen]) await expectInflow(person.page, 2, ['energy', 'cameraFrames']);
  await goHome(ella, finn, gwen);
});

const ROUNDS = inLab ? 20 : 2;

test(`four press "Join call" at the same moment, ${ROUNDS} times: every pair is connected every time`, async ({
  browser,
}) => {
  test.setTimeout(600_000);
  const { people } = await inOneRoom(browser, 'hana', 'ivan', 'jo', 'kim');
  for (let round = 1; round <= ROUNDS; round += 1) {
    await test.step(`round ${round}`, async () => {
      await Promise.all(people.map((person) => joinCall(person.page)));
      await Promise.all(people.map((person) => expectInflow(person.page, 3, ['energy'])));
      await Promise.all(people.map((person) => leaveCall(person.page)));
    });
  }
  await goHome(...people);
});
