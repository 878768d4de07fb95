import { expect, type Locator, type Page, test } from '@playwright/test';
import { ringCard } from './support/contacts';
import { createRoom, goHome, joinAsGuest, joinRoom, log, type Person, say, signUp } from './support/people';

const button = (page: Page | Locator, name: string): Locator => page.getByRole('button', { name, exact: true });
const card = (page: Page): Locator => page.getByRole('dialog');

/** Two members of a public room; the first one has said hello. */
async function twoInRoom(browser: Parameters<typeof signUp>[0], name: string): Promise<[Person, Person, string]> {
  const [anna, boris] = [await signUp(browser, 'anna'), await signUp(browser, 'boris')];
  const roomId = await createRoom(anna, name);
  await say(anna, 'Hello from anna');
  await joinRoom(boris, roomId);
  return [anna, boris, roomId];
}

test('a name or a face opens a card, from which two members of a room write to and call each other', async ({
  browser,
}) => {
  const [anna, boris] = await twoInRoom(browser, 'Stairwell');
  await button(log(boris.page), `About ${anna.name}`).click();
  await expect(card(boris.page).getByRole('heading', { name: anna.name, exact: true })).toBeVisible();
  await button(card(boris.page), 'Close').click();
  await button(log(boris.page), anna.name).click();
  await button(card(boris.page), 'Write').click();
  await expect(boris.page.getByRole('heading', { name: anna.name, exact: true })).toBeVisible();
  await expect(boris.page.getByLabel('Message', { exact: true })).toBeFocused();
  await say(boris, 'We share a room');
  await anna.page.getByRole('link', { name: new RegExp(boris.name) }).click();
  await expect(log(anna.page).getByText('We share a room')).toBeVisible();

  await anna.page.getByRole('link', { name: /Stairwell/ }).click();
  await button(anna.page, 'Members').click();
  const members = anna.page.getByRole('complementary', { name: 'Members', exact: true });
  // Nobody has a card of oneself.
  await expect(button(members, anna.name)).toHaveCount(0);
  await button(members, boris.name).click();
  await button(card(anna.page), 'Call').click();
  await expect(ringCard(boris.page)).toBeVisible();
  await button(ringCard(boris.page), 'Decline').click();
  expect([...anna.complaints, ...boris.complaints]).toEqual([]);
  await goHome(anna, boris);
});

test('the card adds a contact, and what is open stays open when the shared room is left', async ({ browser }) => {
  const [anna, boris, roomId] = await twoInRoom(browser, 'Corridor');
  await button(log(boris.page), anna.name).click();
  await button(card(boris.page), 'Write').click();
  await expect(boris.page.getByRole('heading', { name: anna.name, exact: true })).toBeVisible();
  await say(boris, 'first');
  const direct = new URL(boris.page.url()).pathname;
  await boris.page.goto(`/r/${roomId}`);
  await button(log(boris.page), anna.name).click();
  await button(card(boris.page), 'Add as contact').click();
  await expect(card(boris.page).getByText('Asked, no answer yet')).toBeVisible();
  await button(card(boris.page), 'Close').click();

  await button(boris.page, 'Room settings').click();
  await button(boris.page, 'Leave room').click();
  await button(boris.page.getByRole('dialog'), 'Leave').click();
  await boris.page.goto(direct);
  await say(boris, 'still here');
  await anna.page.goto(direct);
  await expect(log(anna.page).getByText('still here')).toBeVisible();

  // The same room once they are contacts.
  await anna.page.getByRole('heading', { level: 1 }).getByRole('button').click();
  await button(card(anna.page), 'Accept the request').click();
  await expect(card(anna.page).getByText('Online')).toBeVisible();
  await button(card(anna.page), 'Write').click();
  await expect(log(anna.page).getByText('still here')).toBeVisible();
  expect(new URL(anna.page.url()).pathname).toBe(direct);
  await goHome(anna, boris);
});

test('who lets contacts alone write, or blocks, is not written to', async ({ browser }) => {
  const [anna, boris] = await twoInRoom(browser, 'Attic');
  await anna.page.goto('/settings');
  await anna.page.getByRole('radio', { name: 'Contacts', exact: true }).check();
  await expect(anna.page.getByText('Only your contacts can open a chat with you.')).toBeVisible();
  await button(log(boris.page), anna.name).click();
  await expect(card(boris.page).getByText(/once you are contacts/)).toBeVisible();
  await expect(button(card(boris.page), 'Write')).toHaveCount(0);
  await button(card(boris.page), 'Close').click();

  await anna.page.getByRole('radio', { name: 'Members of my rooms', exact: true }).check();
  await button(log(boris.page), anna.name).click();
  await button(card(boris.page), 'Block').click();
  await button(boris.page.getByRole('dialog', { name: /^Block / }), 'Block').click();
  await expect(button(card(boris.page), 'Unblock')).toBeVisible();
  await expect(button(card(boris.page), 'Write')).toHaveCount(0);
  await goHome(anna, boris);
});

test('guests have no cards to open, and the card of a guest offers nothing', async ({ browser }) => {
  const anna = await signUp(browser, 'anna');
  await createRoom(anna, 'Doorstep', 'private');
  await say(anna, 'Come in');
  await button(anna.page, 'Invite').click();
  const link = await anna.page.getByLabel('Invitation link', { exact: true }).inputValue();
  await button(anna.page, 'Done').click();
  const guest = await joinAsGuest(browser, new URL(link).pathname, 'Olga');
  await expect(log(guest.page).getByText('Come in')).toBeVisible();
  await expect(button(log(guest.page), anna.name)).toHaveCount(0);
  await say(guest, 'Thank you');
  await button(log(anna.page), 'Olga').click();
  await expect(card(anna.page).getByText('Guest, only in this room')).toBeVisible();
  for (const name of ['Write', 'Call', 'Add as contact', 'Block'])
    await expect(button(card(anna.page), name)).toHaveCount(0);
  expect([...anna.complaints, ...guest.complaints]).toEqual([]);
  await goHome(anna, guest);
});
