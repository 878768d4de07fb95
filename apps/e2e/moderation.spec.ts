import { type Browser, expect, type Locator, type Page, test } from '@playwright/test';
import { refusalOf } from './support/api';
import { cheat, command } from './support/cheater';
import { expectHeard, expectInflow, expectSilence } from './support/media';
import { createRoom, goHome, joinCall, joinRoom, type Person, signUp, turnCameraOn } from './support/people';

const button = (page: Page, name: string): Locator => page.getByRole('button', { name, exact: true });
const tileOf = (page: Page, { name }: Person): Locator => page.getByTestId('tile').filter({ hasText: name });

async function inOneRoom(browser: Browser, ...names: string[]): Promise<{ people: Person[]; roomId: string }> {
  const people: Person[] = [];
  for (const name of names) people.push(await signUp(browser, name));
  const [first, ...others] = people;
  if (!first) throw new Error('a room needs at least one person');
  const roomId = await createRoom(first, `Room of ${names.join(' and ')}`);
  for (const other of others) await joinRoom(other, roomId);
  return { people, roomId };
}

/** Chooses a moderator action in the menu of a person's tile. */
async function moderate({ page }: Person, target: Person, action: string): Promise<void> {
  await tileOf(page, target).hover();
  await tileOf(page, target)
    .getByRole('button', { name: `Actions for ${target.name}`, exact: true })
    .click();
  await page.getByRole('menuitem', { name: action, exact: true }).click();
}

async function choose(page: Page, item: string): Promise<void> {
  await button(page, 'More').click();
  await page.getByRole('menuitem', { name: item, exact: true }).click();
}

test('a moderator mutes one person and everyone, asks to unmute, and turns a camera off', async ({ browser }) => {
  const { people } = await inOneRoom(browser, 'anna', 'bob');
  const [anna, bob] = people as [Person, Person];
  for (const person of people) await joinCall(person.page);
  await expectHeard(anna.page);

  await moderate(anna, bob, 'Mute');
  await expect(tileOf(anna.page, bob)).toContainText('Muted by a moderator');
  await expect(bob.page.getByText('A moderator has muted you')).toBeVisible();
  await expect(button(bob.page, 'Unmute microphone')).toHaveCount(1);
  await expectSilence(anna.page);

  // A muted person cannot unmute, but can ask for it.
  await button(bob.page, 'Unmute microphone').click();
  await bob.page.getByRole('dialog').getByRole('button', { name: 'Raise hand', exact: true }).click();
  await expect(tileOf(anna.page, bob)).toContainText('Hand raised, number 1');

  // A request to unmute turns nothing on by itself.
  await moderate(anna, bob, 'Ask to unmute');
  const asked = bob.page.getByRole('dialog', { name: `${anna.name} asks you to unmute` });
  await asked.getByRole('button', { name: 'Stay muted', exact: true }).click();
  await expect(button(bob.page, 'Unmute microphone')).toBeVisible();
  await expectSilence(anna.page);
  await moderate(anna, bob, 'Ask to unmute');
  await asked.getByRole('button', { name: 'Unmute', exact: true }).click();
  await expect(button(bob.page, 'Mute microphone')).toBeVisible();
  await expectHeard(anna.page);

  await choose(anna.page, 'Mute everyone');
  await expect(bob.page.getByText('A moderator has muted you')).toBeVisible();
  await expectSilence(anna.page);
  await choose(anna.page, 'Let everyone unmute');
  await expect(bob.page.getByText('A moderator has muted you')).toBeHidden();
  await expectSilence(anna.page);
  await button(bob.page, 'Unmute microphone').click();
  await expectHeard(anna.page);

  await turnCameraOn(bob.page);
  await expect(tileOf(anna.page, bob).locator('video')).toBeVisible();
  await moderate(anna, bob, 'Turn off camera');
  await expect(button(bob.page, 'Turn camera on')).toBeVisible();
  await expect(tileOf(anna.page, bob).locator('video')).toHaveCount(0);
  await moderate(anna, bob, 'Allow camera');
  await turnCameraOn(bob.page);
  await expect(tileOf(anna.page, bob).locator('video')).toBeVisible();
  for (const person of people) expect(person.complaints).toEqual([]);
  await goHome(...people);
});

test('a removed person returns only if a moderator allows it; a call is ended for everyone', async ({ browser }) => {
  const { people } = await inOneRoom(browser, 'clara', 'dan');
  const [clara, dan] = people as [Person, Person];
  for (const person of people) await joinCall(person.page);

  await moderate(clara, dan, 'Remove from call');
  await clara.page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(dan.page.getByRole('heading', { name: 'You were removed from this call' })).toBeVisible();
  await expect(button(dan.page, 'Join call')).toHaveCount(0);
  await expect(tileOf(clara.page, dan)).toHaveCount(0);

  // Reloading the page does not lead back either.
  await dan.page.reload();
  await expect(dan.page.getByText('Removed from this call').or(dan.page.getByText('You were removed'))).toBeVisible();
  await expect(button(dan.page, 'Join call')).toHaveCount(0);

  await button(clara.page, 'Members').click();
  await button(clara.page, 'Let back in').click();
  await joinCall(dan.page);
  await expect(tileOf(clara.page, dan)).toBeVisible();

  await choose(clara.page, 'End call for everyone');
  await clara.page.getByRole('dialog').getByRole('button', { name: 'End call', exact: true }).click();
  for (const person of people) await expect(button(person.page, 'Start call')).toBeVisible();
  await goHome(...people);
});

test('a person removed from a room cannot come back until a moderator allows it', async ({ browser }) => {
  const { people, roomId } = await inOneRoom(browser, 'ella', 'finn');
  const [ella, finn] = people as [Person, Person];
  await button(ella.page, 'Members').click();
  await button(ella.page, `Actions for ${finn.name}`).click();
  await ella.page.getByRole('menuitem', { name: 'Remove from room' }).click();
  await ella.page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(finn.page.getByRole('heading', { name: 'You are no longer in this room' })).toBeVisible();
  await finn.page.goto(`/r/${roomId}`);
  await expect(finn.page.getByRole('heading', { name: 'You cannot come into this room' })).toBeVisible();
  await expect(finn.page.getByLabel('Message', { exact: true })).toHaveCount(0);

  await button(ella.page, 'Room settings').click();
  await button(ella.page, `Let ${finn.name} back`).click();
  await joinRoom(finn, roomId);
  await goHome(...people);
});

test('a lobby: knock, be denied, be let in; and a locked room', async ({ browser }) => {
  const { people } = await inOneRoom(browser, 'gwen', 'hugo', 'iris', 'kate');
  const [gwen, hugo, iris, kate] = people as [Person, Person, Person, Person];
  await button(gwen.page, 'Room settings').click();
  await gwen.page.getByRole('radio', { name: 'Lobby', exact: true }).check();

  // There is no call yet: the knock is sent as soon as a moderator starts one.
  await button(hugo.page, 'Start call').click();
  await button(hugo.page, 'Ask to join').click();
  await expect(hugo.page.getByRole('heading', { name: 'The call has not begun yet' })).toBeVisible();
  await button(gwen.page, 'Close room settings').click();
  await joinCall(gwen.page);
  await expect(hugo.page.getByRole('heading', { name: 'Waiting to be let in' })).toBeVisible();

  await expect(gwen.page.getByRole('region', { name: 'Waiting to be let in' })).toContainText(
    `${hugo.name} wants to join`,
  );
  await button(gwen.page, 'Deny').click();
  await expect(hugo.page.getByRole('heading', { name: 'You were not let in this time' })).toBeVisible();

  await button(hugo.page, 'Ask again').click();
  await button(iris.page, 'Join call').click();
  await button(iris.page, 'Ask to join').click();
  await expect(button(gwen.page, '2 people wait')).toBeVisible();
  await button(gwen.page, 'Let everyone in').click();
  for (const person of [hugo, iris]) await expect(button(person.page, 'Leave call')).toBeVisible();
  await expect(gwen.page.getByTestId('tile')).toHaveCount(3);

  // Whoever was in the call can rejoin it although the room is locked; a newcomer cannot even enter the room.
  await choose(gwen.page, 'Lock the room and the call');
  const jack = await signUp(browser, 'jack');
  await jack.page.goto(new URL(gwen.page.url()).pathname);
  await expect(jack.page.getByRole('heading', { name: 'You cannot come into this room' })).toBeVisible();
  await expect(jack.page.getByLabel('Message', { exact: true })).toHaveCount(0);
  await button(iris.page, 'Leave call').click();
  await joinCall(iris.page);

  // A member who was not in the call yet is told that it is locked, and may ask.
  await expect(kate.page.getByText('This call is locked')).toBeVisible();
  await expect(button(kate.page, 'Join call')).toHaveCount(0);
  await button(kate.page, 'Ask to join').click();
  await expect(kate.page.getByRole('heading', { name: 'This call is locked' })).toBeVisible();
  await button(kate.page, 'Ask to join').click();
  await button(gwen.page, 'Let in').click();
  await expect(button(kate.page, 'Leave call')).toBeVisible();
  await expect(kate.page).toHaveTitle(/^In a call · /);
  await goHome(...people, jack);
});

test('raised hands are shown in order, and reactions appear for a while', async ({ browser }) => {
  const { people } = await inOneRoom(browser, 'kim', 'leo', 'mia');
  const [kim, leo, mia] = people as [Person, Person, Person];
  for (const person of people) await joinCall(person.page);
  await button(leo.page, 'Raise hand').click();
  await expect(tileOf(kim.page, leo)).toContainText('Hand raised, number 1');
  await mia.page.keyboard.press('h');
  await expect(tileOf(kim.page, mia)).toContainText('Hand raised, number 2');
  await button(kim.page, 'Members').click();
  await expect(kim.page.getByRole('heading', { name: 'Raised hands' })).toBeVisible();
  await button(kim.page, `Lower the hand of ${leo.name}`).click();
  await expect(tileOf(kim.page, mia)).toContainText('Hand raised, number 1');
  await expect(button(leo.page, 'Raise hand')).toBeVisible();
  await choose(kim.page, 'Lower all hands');
  await expect(button(mia.page, 'Raise hand')).toBeVisible();

  await leo.page.keyboard.press('r');
  await leo.page.getByRole('toolbar', { name: 'Reactions' }).getByRole('button', { name: 'Applause' }).click();
  for (const person of [kim, mia]) await expect(tileOf(person.page, leo)).toContainText('👏');
  await expect(kim.page.locator('.cdk-live-announcer-element')).toContainText(`${leo.name}: applause`);
  await expect(tileOf(kim.page, leo)).not.toContainText('👏');
  await goHome(...people);
});

test('a manipulated client cannot bypass moderation', async ({ browser }) => {
  const { people, roomId } = await inOneRoom(browser, 'nora', 'otto');
  const [nora, otto] = people as [Person, Person];
  await cheat(otto.page);
  await otto.page.reload();
  for (const person of people) await joinCall(person.page);
  await expectHeard(nora.page);

  // Muted, it keeps sending and claims that its microphone is on.
  await moderate(nora, otto, 'Mute');
  await expect(tileOf(nora.page, otto)).toContainText('Muted by a moderator');
  await command(otto.page, 'call:update', { media: { microphone: true } });
  await command(otto.page, 'call:update', { media: { screenSound: true } });
  await expectInflow(nora.page, 1, ['packets']);
  await expectSilence(nora.page);

  // Removed, it keeps its connections and tries every way to come back.
  await moderate(nora, otto, 'Remove from call');
  await nora.page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(nora.page.getByTestId('tile')).toHaveCount(1);
  await command(otto.page, 'call:join', { roomId, media: { microphone: true }, takeOver: true });
  for (const ask of ['call:join', 'knock:start'])
    expect(await refusalOf(otto, ask, { roomId })).toBe('removed_from_call');
  await expectInflow(nora.page, 0, []);
  await expectSilence(nora.page);
  await expect(nora.page.getByTestId('tile')).toHaveCount(1);
  await goHome(...people);
});
