import { expect, test } from '@playwright/test';
import type { RoomDto, RoomsDto } from '@webcall/contracts';
import { createRoom, goHome, joinRoom, log, say, signUp } from './support/people';

test('a start asks for each list once', async ({ browser }) => {
  const [anna, boris] = [await signUp(browser, 'anna'), await signUp(browser, 'boris')];
  const roomId = await createRoom(anna, 'Once');
  await joinRoom(boris, roomId);
  const asked: string[] = [];
  anna.page.on('request', (request) => {
    if (request.method() === 'GET') asked.push(new URL(request.url()).pathname);
  });
  await anna.page.reload();
  await expect(anna.page.getByRole('link', { name: /Once/ })).toBeVisible();
  await say(boris, 'Are you there?');
  await expect(log(anna.page)).toContainText('Are you there?');
  const lists = ['/api/v1/rooms', '/api/v1/contacts', '/api/v1/preferences'];
  expect(asked.filter((path) => lists.includes(path)).sort()).toEqual(lists.toSorted());
  await goHome(anna, boris);
});

test('a long list of rooms continues for who scrolls, and for the keyboard', async ({ browser }) => {
  const anna = await signUp(browser, 'anna');
  const { page } = anna;
  await createRoom(anna, 'Template');
  await page.route('**/api/v1/rooms?*', async (route) => {
    const { rooms }: RoomsDto = await (await route.fetch()).json();
    const template = rooms[0]!;
    const many = Array.from({ length: 1000 }, (_, i): RoomDto => {
      const activeAt = new Date(Date.parse(template.activeAt) - i * 1000).toISOString();
      return { ...template, id: template.id.slice(0, -4) + String(1000 + i), name: `Room ${i + 1}`, activeAt };
    });
    await route.fulfill({ json: { rooms: many, next: null } satisfies RoomsDto });
  });
  await page.goto('/');
  const links = page.getByRole('navigation', { name: 'Rooms', exact: true }).getByRole('link');
  await expect(links).toHaveCount(60);
  await links.last().scrollIntoViewIfNeeded();
  await expect(links).toHaveCount(120);
  await links.last().focus();
  await expect(links).toHaveCount(180);
  await page.keyboard.press('Tab');
  await expect(links.nth(120)).toBeFocused();
  await page.getByRole('searchbox', { name: 'Search rooms and people', exact: true }).fill('room 999');
  await expect(links).toHaveText([/Room 999/]);
  expect(anna.complaints).toEqual([]);
  await goHome(anna);
});
