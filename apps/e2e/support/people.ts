import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  expect,
  type Locator,
  type Page,
} from '@playwright/test';
import type { SignedInDto } from '@webcall/contracts';
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
export async function openBrowser(
  browser: Browser,
  options: Pick<BrowserContextOptions, 'baseURL' | 'locale' | 'storageState'> = {},
) {
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

/**
 * Signs a new user up, with a unique name unless one is given, and opens a browser that has their session. It does not
 * use the sign-up page, which has tests of its own: many tests need several people, and each would take a second more.
 */
export async function signUp(
  browser: Browser,
  prefix: string,
  { name = freshName(prefix), ...options }: { name?: string; baseURL?: string } = {},
): Promise<Person> {
  const email = `${name}@example.org`;
  const { origin, hostname: domain } = new URL(options.baseURL ?? serverUrl());
  const storageState = await register({ username: name, email }, { origin, domain });
  const opened = await openBrowser(browser, { ...options, storageState });
  await opened.page.goto('/');
  await expect(opened.page.getByLabel('Room name', { exact: true })).toBeVisible();
  return { name, email, ...opened };
}

/** Creates an account. @returns what a browser stores that has signed up on the given site */
async function register(account: { username: string; email: string }, site: { origin: string; domain: string }) {
  const answer = await fetch(`${serverUrl()}/api/v1/auth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...account, password: PASSWORD, registrationCode: process.env['WEBCALL_CODE'] }),
  });
  const { user } = (await answer.json()) as SignedInDto;
  const [, value = ''] = /^webcall_refresh=([^;]+)/.exec(answer.headers.get('set-cookie') ?? '') ?? [];
  const { origin, domain } = site;
  const cookie = { name: 'webcall_refresh', value, domain, path: '/api/v1/auth', expires: -1, httpOnly: true };
  return {
    cookies: [{ ...cookie, secure: false, sameSite: 'Strict' as const }],
    origins: [{ origin, localStorage: [{ name: 'webcall.user.id', value: JSON.stringify(user.id) }] }],
  };
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
export async function joinRoom({ page }: Person, roomId: string): Promise<void> {
  await page.goto(`/r/${roomId}`);
  await page.getByRole('button', { name: 'Join', exact: true }).click();
  await expect(page.getByLabel('Message', { exact: true })).toBeVisible();
}

/** Creates a guest invitation in the room that the page shows. @returns the path of its link */
export async function guestLink(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Room settings', exact: true }).click();
  await page.getByLabel('Role', { exact: true }).selectOption({ label: 'Guest' });
  await page.getByRole('button', { name: 'Create link', exact: true }).click();
  const link = await page.getByLabel('Invitation link', { exact: true }).inputValue();
  return new URL(link).pathname;
}

/** Opens a guest invitation in a new browser and joins its room. */
export async function joinAsGuest(browser: Browser, link: string, name: string): Promise<Person> {
  const opened = await openBrowser(browser);
  await opened.page.goto(link);
  await opened.page.getByLabel('Your name', { exact: true }).fill(name);
  await opened.page.getByRole('button', { name: 'Join as guest', exact: true }).click();
  await expect(opened.page.getByLabel('Message', { exact: true })).toBeVisible();
  return { name, email: '', ...opened };
}

/** The button that leads into the call of the shown room: it starts one, or joins the one that runs. */
export function enterButton(page: Page): Locator {
  return page.getByRole('button', { name: /^(Start|Join) call$/ });
}

export async function joinCall(page: Page): Promise<void> {
  await enterButton(page).click();
  await expect(page.getByRole('button', { name: 'Leave call', exact: true })).toBeVisible();
}

export async function leaveCall(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Leave call', exact: true }).click();
  await expect(enterButton(page)).toBeVisible();
}

export async function turnCameraOn(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Turn camera on', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Turn camera off', exact: true })).toBeVisible();
}

/** Shows the chat beside a call, which has the window to itself at first. */
export async function showChat(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Show chat', exact: true }).click();
  await expect(page.getByLabel('Message', { exact: true })).toBeVisible();
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
