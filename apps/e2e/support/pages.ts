import { expect, type Page } from '@playwright/test';
import { openDirectRoom, ringCard } from './contacts';
import { joinCall, leaveCall, log, turnCameraOn, type Person } from './people';

/** Every page of the client with the way to it. Those of one person share a browser. */
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
  await button('Close').click();
  await button('Set up call').click();
  await expect(button('Join call')).toHaveCount(1);
  await visit('lobby');
  await joinCall(page);
  await turnCameraOn(page);
  await visit('call');
  await leaveCall(page);
}

/** What two contacts see of a call from one to the other: the direct room, the call, the card, and how it ends. */
export async function visitRing(
  caller: Person,
  callee: Person,
  visit: (page: Page, name: string) => Promise<void>,
): Promise<void> {
  await callee.page.goto('/people');
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
