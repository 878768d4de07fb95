import { expect, type Locator, type Page } from '@playwright/test';
import type { Person } from './people';

const button = (page: Page, name: string): Locator => page.getByRole('button', { name, exact: true });

/** Finds another user by name on the people page and sends a contact request. */
export async function ask({ page }: Person, other: Pick<Person, 'name'>): Promise<void> {
  await page.goto('/people');
  await page.getByLabel('Find people', { exact: true }).fill(other.name);
  await button(page, `Ask ${other.name} to be a contact`).click();
  await expect(button(page, `Withdraw your request to ${other.name}`)).toBeVisible();
}

/** Makes two people contacts, using their pages. */
export async function befriend(first: Person, second: Person): Promise<void> {
  await ask(first, second);
  await second.page.goto('/people');
  await button(second.page, `Accept ${first.name}`).click();
  for (const [{ page }, other] of [
    [first, second],
    [second, first],
  ] as const) {
    await expect(button(page, `Call ${other.name}`)).toBeVisible();
  }
}

/** Opens the direct room with a contact. @returns the room's id */
export async function openDirectRoom({ page }: Person, other: Pick<Person, 'name'>): Promise<string> {
  await page.goto('/people');
  await button(page, `Write to ${other.name}`).click();
  await page.waitForURL(/\/r\/[0-9a-f-]{36}/);
  await expect(page.getByRole('heading', { name: other.name, exact: true })).toBeVisible();
  return new URL(page.url()).pathname.split('/')[2] ?? '';
}

/** The card of an incoming call. */
export function ringCard(page: Page): Locator {
  return page.getByRole('alertdialog');
}
