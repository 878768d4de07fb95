import { type Browser, type BrowserContext, expect, type Locator, type Page } from '@playwright/test';
import { watchMedia } from './media';

/** One user with their own browser profile and page. */
export interface Person {
  readonly name: string;
  readonly email: string;
  readonly context: BrowserContext;
  readonly page: Page;
  /** Errors on the page's console: exceptions, violations of the content security policy, failed scripts. */
  readonly complaints: string[];
}

export const PASSWORD = 'correct horse battery';

let counter = 0;

/** URL of the server under test, or of a proxy in front of it. */
export function serverUrl(): string {
  const url = process.env['WEBCALL_URL'];
  if (!url) throw new Error('WEBCALL_URL is not set: the global set-up starts the server and sets it');
  return url;
}

/** A new name that no other test uses. */
export function freshName(prefix: string): string {
  counter += 1;
  return `${prefix}-${process.pid}-${Date.now().toString(36)}-${counter}`.slice(0, 32);
}

/** Opens a new browser profile; records its peer connections and console errors. */
export async function openBrowser(browser: Browser, options: { baseURL?: string; locale?: string } = {}) {
  const context = await browser.newContext({ baseURL: serverUrl(), locale: 'en-US', ...options });
  // Firefox gets permissions from its preferences.
  if (browser.browserType().name() === 'chromium') {
    await context.grantPermissions(['microphone', 'camera', 'clipboard-read', 'clipboard-write']);
  }
  const page = await context.newPage();
  return { context, page, complaints: await listen(page) };
}

/** Starts to record the console errors and peer connections of a page. */
export async function listen(page: Page): Promise<string[]> {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    // The browser itself logs refused requests, such as a 401 before signing in; they are not errors of the page.
    if (message.type() === 'error' && !/Failed to load resource|net::ERR_/.test(message.text())) {
      complaints.push(message.text());
    }
  });
  await watchMedia(page);
  return complaints;
}

/** Signs a new user up through the page, with a unique name unless one is given. */
export async function signUp(
  browser: Browser,
  prefix: string,
  { name = freshName(prefix), ...options }: { name?: string; baseURL?: string } = {},
): Promise<Person> {
  const email = `${name}@example.org`;
  const opened = await openBrowser(browser, options);
  const { page } = opened;
  await page.goto('/sign-up');
  await page.getByLabel('Username', { exact: true }).fill(name);
  await page.getByLabel('Email', { exact: true }).fill(email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByLabel('Registration code', { exact: true }).fill(process.env['WEBCALL_CODE'] ?? '');
  await page.getByRole('button', { name: 'Sign up', exact: true }).click();
  await expect(page.getByLabel('Room name', { exact: true })).toBeVisible();
  return { name, email, ...opened };
}

/** Creates a room through the page, which then shows it. @returns the room's id */
export async function createRoom(person: Person, name: string, visibility: 'public' | 'private' = 'public') {
  const { page } = person;
  await page.goto('/');
  await page.getByLabel('Room name', { exact: true }).fill(name);
  await page.getByRole('radio', { name: visibility === 'public' ? /public/i : /private/i }).check();
  await page.getByRole('button', { name: 'Create room', exact: true }).click();
  await page.waitForURL(/\/r\/[0-9a-f-]{36}/);
  return new URL(page.url()).pathname.split('/')[2] ?? '';
}

/** Opens a public room by its link and becomes a member. */
export async function joinRoom(person: Person, roomId: string): Promise<void> {
  await person.page.goto(`/r/${roomId}`);
  await expect(person.page.getByLabel('Message', { exact: true })).toBeVisible();
}

/** Creates a guest invitation in the room that the page shows. @returns the path of its link */
export async function guestLink(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Room settings', exact: true }).click();
  await page.getByLabel('Role', { exact: true }).selectOption({ label: 'Guest' });
  await page.getByRole('button', { name: 'Create link', exact: true }).click();
  const link = await page.getByLabel('Invitation link', { exact: true }).inputValue();
  return new URL(link).pathname;
}

export async function joinCall(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Join call', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Leave call', exact: true })).toBeVisible();
}

export async function leaveCall(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Leave call', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Join call', exact: true })).toBeVisible();
}

export async function turnCameraOn(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Turn camera on', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Turn camera off', exact: true })).toBeVisible();
}

/** The message list of the shown room, without the last message quoted in the rail. */
export function log(page: Page): Locator {
  return page.getByRole('log');
}

export async function say({ page }: Person, text: string): Promise<void> {
  await page.getByLabel('Message', { exact: true }).fill(text);
  await page.getByRole('button', { name: 'Send', exact: true }).click();
}

/** Closes the browsers of everyone. */
export async function goHome(...people: Person[]): Promise<void> {
  await Promise.all(people.map((person) => person.context.close()));
}
