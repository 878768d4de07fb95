import { expect, type Page, test } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { freshName, goHome, openBrowser, PASSWORD, serverUrl, signUp } from './support/people';

const command = fileURLToPath(new URL('../../dist/apps/api/reset-link.js', import.meta.url));
const NEW_PASSWORD = 'staple of the sea';

/** @returns the reset link that the command prints for the administrator */
function resetLink(name: string): string {
  const env = { ...process.env, DATABASE_URL: process.env['WEBCALL_DATABASE_URL'], PUBLIC_URL: serverUrl() };
  const printed = execFileSync(process.execPath, [command, name], { env, encoding: 'utf8' });
  return /^ {2}(\S+)$/m.exec(printed)?.[1] ?? '';
}

async function signIn(page: Page, name: string, password: string): Promise<void> {
  await page.getByLabel('Email or username', { exact: true }).fill(name);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

test('a reset link gives access with a new password, and signs out all other sessions', async ({ browser }) => {
  const anna = await signUp(browser, 'anna');
  const { page, context, complaints } = await openBrowser(browser);
  await page.goto('/sign-in');
  await expect(page.getByText('Ask the person who runs this server for a reset link')).toBeVisible();

  const link = resetLink(anna.name);
  await page.goto(link);
  await page.getByLabel('New password', { exact: true }).fill('Password123');
  await page.getByRole('button', { name: 'Set new password', exact: true }).click();
  await expect(page.getByText('one of the first passwords that are guessed')).toBeVisible();
  // Only the server knows the user of the link.
  await page.getByLabel('New password', { exact: true }).fill(`${anna.name}!`);
  await page.getByRole('button', { name: 'Set new password', exact: true }).click();
  await expect(page.getByText('too close to your username')).toBeVisible();
  await page.getByLabel('New password', { exact: true }).fill(NEW_PASSWORD);
  await page.getByRole('button', { name: 'Set new password', exact: true }).click();

  await expect(page.getByText('Your new password is set')).toBeVisible();
  // The browser that was signed in is signed out at once.
  await expect(anna.page.getByText('You were signed out here')).toBeVisible();
  await signIn(page, anna.name, PASSWORD);
  await expect(page.getByText(/do not match/)).toBeVisible();
  await signIn(page, anna.name, NEW_PASSWORD);
  await expect(page.getByLabel('Room name', { exact: true })).toBeVisible();

  await anna.page.goto(link);
  await anna.page.getByLabel('New password', { exact: true }).fill('paper boats at dawn');
  await anna.page.getByRole('button', { name: 'Set new password', exact: true }).click();
  await expect(anna.page.getByText('This link was used')).toBeVisible();
  expect([...complaints, ...anna.complaints]).toEqual([]);
  await context.close();
  await goHome(anna);
});

test('the link works in a signed-in browser, and a link without a token shows an error', async ({ browser }) => {
  const anna = await signUp(browser, 'anna');
  const { page } = anna;
  await page.goto('/reset-password');
  await expect(page.getByRole('heading', { name: 'This link is not complete' }).first()).toBeVisible();
  await page.goto(resetLink(anna.email));
  await page.getByLabel('New password', { exact: true }).fill(NEW_PASSWORD);
  await page.getByRole('button', { name: 'Set new password', exact: true }).click();
  await expect(page.getByText('Your new password is set')).toBeVisible();
  await signIn(page, anna.email, NEW_PASSWORD);
  await expect(page.getByLabel('Room name', { exact: true })).toBeVisible();
  await goHome(anna);
});

test('a link of another user signs out the current user and keeps their password', async ({ browser }) => {
  const anna = await signUp(browser, 'anna');
  const boris = await signUp(browser, 'boris');
  const { page, context } = boris;
  await page.goto(resetLink(anna.name));
  await page.getByLabel('New password', { exact: true }).fill(NEW_PASSWORD);
  await page.getByRole('button', { name: 'Set new password', exact: true }).click();
  await expect(page.getByText('Your new password is set')).toBeVisible();
  // The session cookie is removed, and the server has ended the session too.
  expect(await context.cookies()).toEqual([]);
  await page.goto('/');
  await expect(page.getByRole('button', { name: 'Sign in', exact: true })).toBeVisible();
  await signIn(page, boris.name, PASSWORD);
  await expect(page.getByLabel('Room name', { exact: true })).toBeVisible();
  await page.goto('/settings');
  await expect(page.getByText('This browser · Active now', { exact: true })).toBeVisible();
  await expect(page.getByRole('button', { name: /^Sign out .+/ })).toHaveCount(0);

  const other = await openBrowser(browser);
  await other.page.goto('/');
  await signIn(other.page, boris.name, PASSWORD);
  await expect(other.page.getByLabel('Room name', { exact: true })).toBeVisible();
  await page.reload();
  await expect(page.getByText('Active in the last 15 minutes')).toBeVisible();
  await page.getByRole('button', { name: 'Sign out everywhere else', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Sign out everywhere else', exact: true }).click();
  await expect(page.getByRole('button', { name: /^Sign out .+/ })).toHaveCount(0);
  await expect(other.page.getByRole('button', { name: 'Sign in', exact: true })).toBeVisible();
  await goHome(anna, boris, { ...other, name: boris.name, email: boris.email });
});

test('a common password or one like the username is rejected at the field before it is sent', async ({ browser }) => {
  const { page, context } = await openBrowser(browser);
  const sent: string[] = [];
  page.on('request', (request) => sent.push(request.url()));
  const name = freshName('anna');
  await page.goto('/sign-up');
  await page.getByLabel('Username', { exact: true }).fill(name);
  await page.getByLabel('Email', { exact: true }).fill(`${name}@example.org`);
  await page.getByLabel('Registration code', { exact: true }).fill(process.env['WEBCALL_CODE'] ?? '');
  for (const [password, reason] of [
    ['Qwerty123!', 'one of the first passwords that are guessed'],
    [`${name}-2024`, 'too close to your username'],
  ] as const) {
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Sign up', exact: true }).click();
    await expect(page.getByText(reason)).toBeVisible();
    await expect(page.getByLabel('Password', { exact: true })).toBeFocused();
  }
  expect(sent.filter((url) => url.endsWith('/auth/register'))).toEqual([]);
  await context.close();
});

test('changing username and e-mail requires the password', async ({ browser }) => {
  const anna = await signUp(browser, 'anna');
  const { page } = anna;
  await page.goto('/settings');
  const save = page.getByRole('button', { name: 'Save', exact: true });
  await expect(save).toBeDisabled();
  const name = freshName('hanna');
  await page.getByLabel('Username', { exact: true }).fill(name);
  await save.click();
  await expect(page.getByText('Enter your password.')).toBeVisible();
  await page.getByLabel('Your password', { exact: true }).fill('not the password');
  await save.click();
  await expect(page.getByText('This password is not right.')).toBeVisible();
  await page.getByLabel('Your password', { exact: true }).fill(PASSWORD);
  await save.click();
  await expect(page.getByText('Your account is changed.')).toBeVisible();
  await expect(page.getByLabel('Your password', { exact: true })).toBeHidden();
  await expect(page.getByLabel('Username', { exact: true })).toHaveValue(name);
  await goHome(anna);
});
