import { expect, type Page } from '@playwright/test';
import { openDirectRoom, ringCard } from './contacts';
import { enterButton, joinCall, leaveCall, log, type Person, turnCameraOn } from './people';

/** Visits every page of the client that needs only one person. */
export async function visitAll(page: Page, roomId: string, visit: (name: string) => Promise<void>): Promise<void> {
  const go = async (path: string, ready: () => Promise<void>, name: string) => {
    await page.goto(path);
    await ready();
    await visit(name);
  };
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  await go('/', () => expect(page.getByLabel('Room name', { exact: true })).toBeVisible(), 'home');
  await go('/rooms/browse', () => expect(page.getByRole('heading', { level: 1 })).toBeVisible(), 'browse');
  await go('/people', () => expect(page.getByLabel('Find people', { exact: true })).toBeVisible(), 'people');
  await go('/calls', () => expect(page.getByRole('heading', { level: 1 })).toBeVisible(), 'calls');
  await go('/settings', () => expect(button('Sign out')).toBeVisible(), 'settings');
  await go('/no-such-page', () => expect(page.getByRole('heading', { level: 1 })).toBeVisible(), 'not-found');
  await go(`/r/${roomId}`, () => expect(log(page).getByText('Hello there').first()).toBeVisible(), 'room');
  await button('Members').click();
  await visit('members');
  await button('Room settings').click();
  await visit('room-settings');
  await button('Close room settings').click();
  await button('Invite').click();
  await expect(page.getByRole('img', { name: 'QR code of the invitation link' })).toBeVisible();
  await visit('invite');
  await button('Done').click();
  await button('Set up call').click();
  await expect(enterButton(page)).toHaveCount(1);
  await visit('lobby');
  await joinCall(page);
  await turnCameraOn(page);
  await visit('call');
  await leaveCall(page);
}

/** Visits the pages of a call between two contacts: the direct room, the call, the card, and the outcome. */
export async function visitRing(
  caller: Person,
  callee: Person,
  visit: (page: Page, name: string) => Promise<void>,
): Promise<void> {
  await callee.page.goto('/people');
  await expect(callee.page.getByLabel('Find people', { exact: true })).toBeVisible();
  await visit(callee.page, 'contacts');
  await openDirectRoom(caller, callee);
  await visit(caller.page, 'direct-room');
  await caller.page.getByRole('button', { name: 'Call', exact: true }).click();
  const card = ringCard(callee.page);
  await expect(card).toBeVisible();
  await visit(callee.page, 'incoming-call');
  await visit(caller.page, 'outgoing-call');
  await card.getByRole('button', { name: 'Decline', exact: true }).click();
  await expect(caller.page.getByText('Declined', { exact: true })).toBeVisible();
  await visit(caller.page, 'declined-call');
  await callee.page.goto('/calls');
  await expect(callee.page.getByText('Declined', { exact: true })).toBeVisible();
  await visit(callee.page, 'past-calls');
}

/**
 * Visits the states of a moderated call for moderator and member: knocking, muted with a raised hand, asked to unmute,
 * and removed. The moderator owns the room, and nobody else is in its call.
 */
export async function visitModeration(
  moderator: Person,
  member: Person,
  roomId: string,
  visit: (page: Page, name: string) => Promise<void>,
): Promise<void> {
  const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
  const act = async (action: string) => {
    await press(moderator.page, `Actions for ${member.name}`);
    await moderator.page.getByRole('menuitem', { name: action, exact: true }).click();
  };
  await moderator.page.goto(`/r/${roomId}`);
  await member.page.goto(`/r/${roomId}`);
  await press(member.page, 'Members');
  const members = member.page.getByRole('complementary', { name: 'Members', exact: true });
  await members.getByRole('button', { name: moderator.name, exact: true }).click();
  await expect(member.page.getByRole('button', { name: 'Write', exact: true })).toBeVisible();
  await visit(member.page, 'person-card');
  await press(member.page, 'Close');
  await press(member.page, 'Close members');
  await joinCall(moderator.page);
  await press(moderator.page, 'Room settings');
  await moderator.page.getByRole('radio', { name: 'Lobby', exact: true }).check();
  await press(moderator.page, 'Close room settings');
  await press(member.page, 'Join call');
  await visit(member.page, 'door');
  await press(member.page, 'Ask to join');
  await expect(moderator.page.getByRole('button', { name: 'Let in', exact: true })).toBeVisible();
  await visit(moderator.page, 'knock');
  await press(moderator.page, 'Let in');
  await expect(member.page.getByRole('button', { name: 'Leave call', exact: true })).toBeVisible();

  await member.page.keyboard.press('h');
  await act('Mute');
  await expect(member.page.getByText('A moderator has muted you')).toBeVisible();
  await visit(moderator.page, 'call-muted');
  await visit(member.page, 'call-muted-self');
  await act('Ask to unmute');
  await expect(member.page.getByRole('dialog')).toBeVisible();
  await visit(member.page, 'call-asked');
  await press(member.page, 'Stay muted');

  await act('Remove from call');
  await press(moderator.page, 'Remove');
  await expect(member.page.getByRole('heading', { name: 'You were removed from this call' })).toBeVisible();
  await visit(member.page, 'call-removed');
  await press(moderator.page, 'Members');
  await visit(moderator.page, 'call-members');
  await press(moderator.page, 'Close members');
  await leaveCall(moderator.page);
}
