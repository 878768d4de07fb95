import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { createResetLink, hasResetLinkTable, RESET_LINK_MINUTES } from './auth/reset-links';
import { loadCommandConfig } from './config/load-config';
import { ConfigError } from './config/settings-reader';
import { createDataSourceOptions } from './platform/database/data-source-options';
import { DatabaseUnreachableError } from './platform/database/migrated-data-source';
import { User } from './users/user.entity';
import { findAccountByLogin } from './users/users.service';

/** Prints a link by which a user sets a new password: `node api/reset-link.js anna`. */
async function printResetLink(names: readonly string[]): Promise<void> {
  const [name, ...more] = names;
  if (!name?.trim() || more.length)
    throw new ResetLinkRefusal('Name one user, by username or e-mail: each link is for one.');
  const { databaseUrl, publicUrl } = loadCommandConfig();
  const db = await openDatabase(databaseUrl);
  try {
    const { username, token } = await createLinkForUser(db, name);
    process.stdout.write(formatLinkMessage(username, `/reset-password#token=${token}`, publicUrl));
  } finally {
    await db.destroy();
  }
}

/** A mistake that the person at the terminal can correct, as a sentence. */
class ResetLinkRefusal extends Error {}

async function openDatabase(url: string): Promise<DataSource> {
  const db = new DataSource({ ...createDataSourceOptions(url), entities: [User] });
  try {
    return await db.initialize();
  } catch (error) {
    throw new DatabaseUnreachableError(error);
  }
}

async function createLinkForUser(db: DataSource, name: string): Promise<{ username: string; token: string }> {
  if (!(await hasResetLinkTable(db)))
    throw new ResetLinkRefusal('The database is not up to date: start WebCall once, then try again.');
  const user = await findAccountByLogin(db.manager, name);
  if (user) return { username: user.username, token: await createResetLink(db.manager, user.id) };
  const guest = await db.manager.existsBy(User, { username: name.trim(), guest: true });
  if (guest)
    throw new ResetLinkRefusal(`${name} is a guest. Guests have no password: they come back by an invitation.`);
  throw new ResetLinkRefusal(`There is no user with the username or e-mail ${name}.`);
}

/** The token comes after `#` because browsers never send that part to a server. */
function formatLinkMessage(username: string, path: string, publicUrl: string | undefined): string {
  const link = publicUrl ? new URL(path, publicUrl).href : path;
  const urlHint = publicUrl ? '' : 'Put the address of your server before it: the setting PUBLIC_URL would do that.\n';
  return `
A link for ${username} to set a new password:

  ${link}

${urlHint}It works once, within ${RESET_LINK_MINUTES} minutes, and replaces any link made before. All devices of ${username} are
signed out then. Who has the link has the account: hand it over in private.
`;
}

function explainLinkFailure(error: unknown): string {
  if (error instanceof ConfigError) return error.problems.join('\n');
  if (error instanceof ResetLinkRefusal || error instanceof DatabaseUnreachableError) return error.message;
  return `No link was made. ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}

printResetLink(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${explainLinkFailure(error)}\n`);
  process.exitCode = 1;
});
