import { expect, type Page } from '@playwright/test';
import { joinCall, leaveCall, log, turnCameraOn } from './people';

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
