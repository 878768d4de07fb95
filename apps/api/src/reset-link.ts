import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { newResetLink, RESET_LINK_MINUTES } from './auth/reset-links';
import { loadCommandConfig } from './config/load-config';
import { ConfigError } from './config/settings-reader';
import { dataSourceOptions } from './platform/database/data-source-options';
import { DatabaseUnreachable } from './platform/database/database-unreachable';
import { User } from './users/user.entity';
import { UsersService } from './users/users.service';

/** Prints a link by which a user sets a new password: `node api/reset-link.js anna`. */
async function run(names: readonly string[]): Promise<void> {
  const [name, ...more] = names;
  if (!name?.trim() || more.length) throw new Refusal('Name one user, by username or e-mail: each link is for one.');
  const { databaseUrl, publicUrl } = loadCommandConfig();
  const db = await connect(databaseUrl);
  try {
    const { username, token } = await makeLink(db, name);
    process.stdout.write(words(username, `/reset-password#token=${token}`, publicUrl));
  } finally {
    await db.destroy();
  }
}

/** What the person at the terminal can put right, in a sentence. */
class Refusal extends Error {}

async function connect(url: string): Promise<DataSource> {
  const db = new DataSource({ ...dataSourceOptions(url), entities: [User] });
  try {
    return await db.initialize();
  } catch (error) {
    throw new DatabaseUnreachable(error);
  }
}

async function makeLink(db: DataSource, name: string): Promise<{ username: string; token: string }> {
  const [made] = await db.query<{ exists: boolean }[]>(`SELECT to_regclass('reset_links') IS NOT NULL AS exists`);
  if (!made?.exists) throw new Refusal('The database is not up to date: start WebCall once, then try again.');
  const user = await new UsersService(db).findAccount(name);
  if (user) return { username: user.username, token: await newResetLink(db.manager, user.id) };
  const guest = await db.manager.existsBy(User, { username: name.trim(), guest: true });
  if (guest) throw new Refusal(`${name} is a guest. Guests have no password: they come back by an invitation.`);
  throw new Refusal(`There is no user with the username or e-mail ${name}.`);
}

/** The token stands after `#`: what stands there, browsers send to no server. */
function words(username: string, path: string, publicUrl: string | undefined): string {
  const link = publicUrl ? new URL(path, publicUrl).href : path;
  const complete = publicUrl ? '' : 'Put the address of your server before it: the setting PUBLIC_URL would do that.\n';
  return `
A link for ${username} to set a new password:

  ${link}

${complete}It works once, within ${RESET_LINK_MINUTES} minutes, and replaces any link made before. All devices of ${username} are
signed out then. Who has the link has the account: hand it over in private.
`;
}

function explain(error: unknown): string {
  if (error instanceof ConfigError) return error.problems.join('\n');
  if (error instanceof Refusal || error instanceof DatabaseUnreachable) return error.message;
  return `No link was made. ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}

run(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = 1;
});
